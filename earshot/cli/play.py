"""`earshot play`: recordings into the running system, as if a device heard them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from earshot.cli.device_id import device_id

_AT_ONCE = "max"


def _speed(text: str) -> float | None:
    """Returns times real time; None for as fast as the broker takes it."""
    if text == _AT_ONCE:
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 < speed < math.inf:
        raise typer.BadParameter(f"{text!r}: a number above 0, or {_AT_ONCE}, is allowed")
    return speed


def play(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Recordings, and folders to search for .wav, .flac, .ogg and .mp3.",
            show_default=False,
        ),
    ],
    device: Annotated[
        str,
        typer.Option(
            metavar="ID",
            callback=device_id,
            help="Name of the device that hears them.",
            show_default=False,
        ),
    ],
    speed: Annotated[
        str,
        typer.Option(metavar="N|max", help="Times real time; max: as fast as the system takes it."),
    ] = "1",
    loop: Annotated[bool, typer.Option("--loop", help="Start over after the last one.")] = False,
) -> None:
    """Plays recordings into the running system, one after the other.

    The system is that of EARSHOT_REDIS_URL, or else that of `earshot up`.
    Exit code 2: it cannot be reached, or a file was refused; 130: stopped by Ctrl-C.
    """
    from earshot.cli.errors import CannotStart
    from earshot.cli.output import escape_unencodable, refuse_in_one_line
    from earshot.cli.playing import Request, play_all
    from earshot.settings import SettingsError

    escape_unencodable()
    request = Request(files, device, _speed(speed), loop)
    with refuse_in_one_line(CannotStart, SettingsError):
        code = play_all(request)
    raise typer.Exit(code)
