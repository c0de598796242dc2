"""What commands write to the terminal: results to standard output, remarks to standard error."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

EXIT_REFUSED = 2


def say(remark: str) -> None:
    """Writes `earshot: …` to standard error, a line for each line of the remark."""
    for line in remark.splitlines():
        typer.echo(f"earshot: {line}", err=True)


def write(text: str) -> None:
    """Writes to standard output, without colours unless it is a terminal; flushes."""
    typer.echo(text, nl=False)


def shown(path: Path) -> str:
    """Returns a file's name on one line: what cannot be printed is escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in str(path)
    )


def escape_unencodable() -> None:
    """Makes standard output escape what the terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def refuse_in_one_line(*errors: type[Exception]) -> Iterator[None]:
    """Ends the command with exit code 2 and the message alone when one of the errors is raised."""
    try:
        yield
    except errors as error:
        say(str(error))
        raise typer.Exit(EXIT_REFUSED) from None
