"""The command line of `python -m services.capture`."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_DEVICE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What to play, as whom, how fast.

    Attributes:
        device_id: Name of the device.
        paths: Recordings, one or more.
        speed: 1 for real time; None for as fast as the topic takes it.
        is_endless: Whether to start over after the last one.
    """

    device_id: str
    paths: tuple[Path, ...]
    speed: float | None
    is_endless: bool


def parse(words: Sequence[str] | None = None) -> Arguments:
    """Returns the arguments; by default those of the process.

    Raises:
        SystemExit: 2, after one line that says what is wrong and what is allowed; 0 after --help.
    """
    parser = argparse.ArgumentParser(
        prog="python -m services.capture",
        description="Plays recordings (WAV, FLAC, OGG, MP3) into the audio topic as one device.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="recording to play")
    parser.add_argument("--device", metavar="ID", required=True, type=_device_id, help="its name")
    parser.add_argument(
        "--speed",
        metavar="N|max",
        type=_speed,
        default=1.0,
        help="times real time (default 1); max: as fast as the topic takes it",
    )
    parser.add_argument("--loop", action="store_true", help="start over after the last one")
    given = parser.parse_args(words)
    return Arguments(given.device, tuple(given.files), given.speed, given.loop)


def _device_id(text: str) -> str:
    if not _DEVICE_ID.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r}: 1 to 128 letters, digits and . _ : - are allowed"
        )
    return text


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 < speed < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r}: a number above 0, or max, is allowed")
    return speed
