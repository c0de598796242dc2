"""Where the steps of a training put their models, and where the next ones look for them.

`--development` makes models to choose settings by, which hear less than those that ship, in a place
of their own; see `training.embedder.partition`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.places import DEVELOPMENT


def add_development(parser: argparse.ArgumentParser) -> None:
    """Adds the option of a step that trains."""
    parser.add_argument(
        "--development",
        action="store_true",
        help="hold out a second part, to choose settings by; its models lie in build/development",
    )


def add_model(parser: argparse.ArgumentParser, flag: str, shipped: Path) -> None:
    """Adds an option for the folder of a model; `model_place` tells where it is when not given."""
    default = f"models/{shipped.parent.name}/{shipped.name}, or that of --development"
    parser.add_argument(
        flag, type=name_version, metavar="DIR", help=f"NAME/VERSION (default: {default})"
    )


def model_place(given: Path | None, shipped: Path, is_development: bool) -> Path:
    """Returns where a model lies: one made for development never replaces the shipped one.

    Args:
        given: By the person who started it; wins if it is not None.
        shipped: The place of the model that ships, ``<name>/<version>``.
        is_development: Whether the place is ``build/development/<name>/<version>`` instead.
    """
    if given is not None:
        return given
    return DEVELOPMENT / shipped.parent.name / shipped.name if is_development else shipped


def name_version(text: str) -> Path:
    """Returns the folder of a model; argparse refuses what is not ``<name>/<version>``."""
    path = Path(text)
    if not (path.parent.name and path.name.isascii() and path.name.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} must be NAME/VERSION, e.g. mine/1")
    return path
