"""Measures two bundles on the recordings that trained neither: ``python -m training.held_out``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from earshot.embedding.model_card import CARD_FILE
from training.embedder.partition import partition
from training.embedder.recordings import read_manifest
from training.held_out.measures import measure_pair
from training.places import BUNDLE, DATA, EMBEDDER, TAXONOMY


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.held_out", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--embedder", type=Path, default=EMBEDDER)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument("--taxonomy", type=Path, default=TAXONOMY)
    parser.add_argument(
        "--development",
        action="store_true",
        help="measure on the part that chooses settings, not on the one that is reported",
    )
    parser.add_argument(
        "--update-cards", action="store_true", help="write the measures into both cards"
    )
    return parser.parse_args(arguments)


def update_card(bundle: Path, measured: Mapping[str, Any]) -> None:
    """Writes the measures into a bundle's card, aside and then in its place."""
    card = json.loads((bundle / CARD_FILE).read_text(encoding="utf-8"))
    card["metrics"]["held_out"] = measured
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    aside = bundle / f".{CARD_FILE}.new"
    aside.write_text(text, encoding="utf-8")
    aside.replace(bundle / CARD_FILE)


def main() -> None:
    """Prints the measures as one JSON object."""
    options = parse_arguments()
    manifest = read_manifest(options.data / "sounds")
    recordings = partition(manifest, options.development).test
    measured = measure_pair(
        options.data, recordings, options.embedder, options.bundle, options.taxonomy
    )
    print(json.dumps(measured, indent=2, ensure_ascii=False))  # noqa: T201 - what it is for
    if options.update_cards:
        for bundle in (options.embedder, options.bundle):
            update_card(bundle, measured)


if __name__ == "__main__":
    main()
