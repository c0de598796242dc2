# Every target works on a machine with Python >= 3.11 (python3-venv), git and make, and nothing of ours.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# The lock is the truth, and the interpreter is the machine's own: nothing is downloaded but wheels.
SYNC   := VIRTUAL_ENV=$(CURDIR)/$(VENV) UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --frozen --inexact --quiet
JOBS   ?= $(shell nproc)

.PHONY: help demo up test check format setup system-deps bench proto train-compact clean
help:  ## lists the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/:/' | awk -F: '{printf "  make %-14s%s\n", $$1, $$2}'

demo: $(VENV)/.ready  ## starts everything, plays three synthetic soundscapes, shows the events, stops
	@$(BIN)/earshot demo

up: $(VENV)/.ready  ## starts everything and stays up until Ctrl-C
	@$(BIN)/earshot up

test: $(VENV)/.ready-dev  ## runs every test that can run here; says what was skipped and why
	@$(BIN)/pytest -q -n $(JOBS) tests

check: $(VENV)/.ready-dev  ## format, lint, types, import directions; changes nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.ready-dev  ## formats and sorts what can be
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

setup: $(VENV)/.ready-dev  ## makes the environment for development

system-deps:  ## installs what tests need besides Python packages (Debian, as root)
	@DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 update -qq
	@DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -qq -y \
	    --no-install-recommends python3-venv redis-server postgresql chromium \
	    $$(command -v node >/dev/null || echo nodejs) >/dev/null

bench: $(VENV)/.ready-dev  ## measures speed and size, as ratios within one run, into bench/RESULTS.md
	@$(BIN)/python -m bench

proto: $(VENV)/.ready-dev  ## generates the message code from proto/
	@$(BIN)/python -m grpc_tools.protoc -Iproto --python_out=. --pyi_out=. $$(find proto -name '*.proto')

DATA ?= ../shared/data
train-compact: $(VENV)/.ready-dev  ## trains the models that ship, from DATA=../shared/data, in about an hour
	@$(BIN)/python -m training --data $(DATA)

clean:  ## removes the environment and caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Earshot needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.ready: $(BIN)/uv pyproject.toml uv.lock
	@$(SYNC) --extra all
	@touch $@

$(VENV)/.ready-dev: $(BIN)/uv pyproject.toml uv.lock
	@$(SYNC) --extra training --group dev
	@touch $@ $(VENV)/.ready
