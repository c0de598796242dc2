"""The option `--threads` of the training commands."""

from __future__ import annotations

import argparse


def add_threads(group: argparse._ActionsContainer) -> None:
    """Adds `--threads N`, 1 or more; argparse refuses anything else in a sentence."""
    group.add_argument(
        "--threads", type=_count, default=2, metavar="N", help="cores to compute on (default: 2)"
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} must be a number from 1 on")
    return int(text)
