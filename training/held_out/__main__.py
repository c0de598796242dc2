"""Measures two bundles on recordings that trained neither: ``python -m training.held_out``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from earshot.embedding.errors import EmbeddingError
from earshot.embedding.model_card import CARD_FILE, read_card_fields
from earshot.events.errors import EventsError
from training.embedder.partition import partition
from training.embedder.recordings import read_manifest
from training.errors import BadInput
from training.exit_code import exit_code
from training.held_out.measures import measure_pair
from training.model_place import add_model, model_place
from training.places import BUNDLE, DATA, EMBEDDER, TAXONOMY
from training.whole_file import whole_file


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.held_out", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    add_model(parser, "--embedder", EMBEDDER)
    add_model(parser, "--bundle", BUNDLE)
    parser.add_argument("--taxonomy", type=Path, default=TAXONOMY)
    parser.add_argument(
        "--development",
        action="store_true",
        help="measure on the part that chooses settings, not on the one that is reported",
    )
    parser.add_argument(
        "--update-cards", action="store_true", help="write the measures into both cards"
    )
    options = parser.parse_args(arguments)
    options.embedder = model_place(options.embedder, EMBEDDER, options.development)
    options.bundle = model_place(options.bundle, BUNDLE, options.development)
    return options


def update_card(bundle: Path, measured: Mapping[str, Any]) -> None:
    """Writes the measures into a bundle's card.

    Raises:
        EmbeddingError: There is no card, or it is no JSON.
        OSError: It cannot be written; what was there stays.
    """
    card = read_card_fields(bundle)
    card["metrics"]["held_out"] = measured
    text = json.dumps(card, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    with whole_file(bundle / CARD_FILE) as aside:
        aside.write_text(text, encoding="utf-8")


def run(options: argparse.Namespace, console: Console) -> None:
    """Prints the measures as one JSON object on stdout.

    Raises:
        TrainingError: Something given cannot be used.
    """
    if options.development and options.update_cards:
        raise BadInput("--update-cards: cards hold what is reported, not --development")
    parts = partition(read_manifest(options.data / "sounds"), options.development)
    console.print(parts.summary(), markup=False, soft_wrap=True)
    try:
        measured = measure_pair(
            options.data, parts, options.embedder, options.bundle, options.taxonomy
        )
        text = json.dumps(measured, indent=2, ensure_ascii=False, allow_nan=False)
        print(text)  # noqa: T201 - what it is for
        if options.update_cards:
            for bundle in (options.embedder, options.bundle):
                update_card(bundle, measured)
    except (EmbeddingError, EventsError) as error:
        raise BadInput(str(error)) from None


def command(options: argparse.Namespace) -> int:
    """Runs; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    console = Console(stderr=True)
    return exit_code(lambda: run(options, console), console)


if __name__ == "__main__":
    sys.exit(command(parse_arguments()))
