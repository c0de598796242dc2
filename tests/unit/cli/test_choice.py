from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from earshot.cli.choice import one_of


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark-blue"


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None)

    @app.command()
    def paint(
        colour: Annotated[Colour, typer.Option(**one_of(Colour))] = Colour.RED,
        spot: Annotated[list[Colour] | None, typer.Option(**one_of(Colour))] = None,
    ) -> None:
        typer.echo(repr((colour, spot)))

    return app


def test_words_become_members_and_the_default_stays(app: typer.Typer) -> None:
    said = CliRunner().invoke(app, ["--spot", "dark-blue", "--spot", "red"]).stdout
    assert said == f"{(Colour.RED, [Colour.DARK_BLUE, Colour.RED])!r}\n"
    assert CliRunner().invoke(app, ["--colour", "dark-blue"]).stdout.startswith("(<Colour.DARK_")


def test_another_word_is_refused_with_all_there_are(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["--colour", "RED"])
    assert result.exit_code == 2
    assert "Invalid value for '--colour': 'RED' is not one of red, dark-blue\n" in result.stderr


def test_the_help_shows_the_words(app: typer.Typer) -> None:
    assert "[red|dark-blue]" in CliRunner().invoke(app, ["--help"]).stdout
