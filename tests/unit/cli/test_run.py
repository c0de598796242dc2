from __future__ import annotations

from pathlib import Path

import typer
from typer.testing import CliRunner

import services
from earshot import startup
from earshot.cli.run import SERVICES, run


def invoke(*words: str) -> tuple[int, str, str]:
    app = typer.Typer()
    app.command(context_settings={"allow_interspersed_args": False})(run)
    result = CliRunner().invoke(app, words, prog_name="earshot run", terminal_width=200)
    return result.exit_code, result.stdout, result.stderr


def test_every_service_is_known() -> None:
    folder = Path(services.__path__[0])
    there = sorted(path.parent.name for path in folder.glob("*/__main__.py"))
    assert there == list(SERVICES) == sorted(startup.SERVICES)


def test_a_near_miss_is_told_the_name() -> None:
    code, _, errors = invoke("classifer")
    assert code == 2
    assert "did you mean 'classifier'?" in errors


def test_the_help_lists_the_services() -> None:
    code, text, _ = invoke("--help")
    assert code == 0
    assert ", ".join(SERVICES) in " ".join(text.replace("│", " ").split())


def test_what_follows_the_service_is_its_own() -> None:
    code, text, _ = invoke("capture", "--help")
    assert code == 0
    assert text.startswith("usage: python -m services.capture")
