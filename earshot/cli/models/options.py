"""Arguments and options that several of the commands have."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from earshot.cli.choice import one_of

PUBLISHED = ("vggish",)


class Format(StrEnum):
    """How results are written."""

    TEXT = "text"
    JSON = "json"


def _published(name: str) -> str:
    if name not in PUBLISHED:
        from earshot.events.hint import did_you_mean

        hint = did_you_mean(name, PUBLISHED)
        raise typer.BadParameter(f"{name!r} is none of {', '.join(PUBLISHED)}{hint}")
    return name


ModelsDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--models-dir",
        metavar="DIR",
        help="Folder of the models. Without it, EARSHOT_MODELS_DIR, or the one that ships.",
        show_default=False,
    ),
]
AsFormat: TypeAlias = Annotated[
    Format, typer.Option("--format", help="text: for people. json: for machines.", **one_of(Format))
]
PublishedName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        callback=_published,
        help=f"One of {', '.join(PUBLISHED)}.",
        show_default=False,
    ),
]
