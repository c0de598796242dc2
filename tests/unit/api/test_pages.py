"""The pages' scripts: valid, tested where they are pure, and with nothing of another host."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from services.api.page_files import FOLDER, MEDIA_TYPES

TESTS = Path(__file__).parent / "pages"
FILES = [path for path in sorted(FOLDER.rglob("*")) if path.is_file()]
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
# One process for all: reads each as a module and runs none.
PARSE = """
const { readFileSync } = require("node:fs");
const { SourceTextModule } = require("node:vm");
for (const name of process.argv.slice(1)) {
  try { new SourceTextModule(readFileSync(name, "utf8"), { identifier: name }); }
  catch (error) { console.log(error.stack.split("\\n    at")[0]); }
}
"""
IMPORT = re.compile(r"""(?:from|import)\s+"([^"]+)";""")


@pytest.fixture(scope="module")
def node() -> str:
    """The program that checks and tests scripts; the product needs none."""
    binary = shutil.which("node")
    if binary is None:
        pytest.skip("needs node (apt-get install nodejs)")
    return binary


def test_every_script_is_valid(node: str) -> None:
    command = [node, "--experimental-vm-modules", "--no-warnings", "-e", PARSE, "--", *SCRIPTS]
    found = subprocess.run(command, capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (0, "")


def test_what_is_pure_does_what_it_should(node: str) -> None:
    found = subprocess.run(
        [node, "--test", *sorted(TESTS.glob("*.test.mjs"))],
        capture_output=True,
        text=True,
        env={**os.environ, "TZ": "Europe/Berlin"},
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_script_imports_only_what_is_there(script: Path) -> None:
    for name in IMPORT.findall(script.read_text()):
        assert name.startswith((".", "/pages/")), name
        target = FOLDER / name.removeprefix("/pages/") if name[0] == "/" else script.parent / name
        assert target.is_file(), name


def test_the_document_names_only_files_that_are_there() -> None:
    named = re.findall(r"""(?:href|src)="(/pages/[^"]+)\"""", (FOLDER / "index.html").read_text())
    assert len(named) >= 10
    assert [name for name in named if not (FOLDER / name.removeprefix("/pages/")).is_file()] == []


def test_no_file_is_too_long_or_of_an_unknown_kind() -> None:
    assert {path.suffix for path in FILES} <= {*MEDIA_TYPES, ".json"}
    assert [path.name for path in SCRIPTS if len(path.read_text().splitlines()) > 250] == []


def test_no_text_becomes_markup() -> None:
    """Names of devices and labels are anyone's input."""
    sink = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    assert [path.name for path in SCRIPTS if sink.search(path.read_text())] == []
