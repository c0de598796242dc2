"""Fine-tunes the shipped frame-level bundle for the shipped embedder: ``python -m training.pair``.

The last of three steps; ``python -m training.frame_level`` and ``python -m training.embedder``
make what it needs.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from earshot.embedding.embedder import Embedder
from training.card import AUDIOSET_SOURCE, bundle_in_the_making, write_card
from training.embedder.lessons import make_lessons
from training.embedder.recordings import read_manifest, split
from training.embedder.sources import data_sources
from training.evaluate_embedder import measure_held_out
from training.export import load_patch_network, write_saved_model
from training.frame_level.fine_tune import FineTuneSettings, TaughtCodes, fine_tune
from training.frame_level.report import card_fields, measure_on_eval, read_split
from training.places import ANCHOR, BUNDLE, DATA, EMBEDDER
from training.readers import read_class_labels
from training.session import command_line, limit_threads


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    defaults = FineTuneSettings()
    parser = argparse.ArgumentParser(prog="python -m training.pair", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--anchor", type=Path, default=ANCHOR)
    parser.add_argument("--embedder", type=Path, default=EMBEDDER)
    parser.add_argument("--out", type=Path, default=BUNDLE)
    parser.add_argument("--windows", type=int, default=12_000)
    parser.add_argument("--epochs", type=int, default=defaults.num_epochs)
    parser.add_argument("--seed", type=int, default=2, help="another than the embedder's")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(arguments)


def teach(options: argparse.Namespace) -> TaughtCodes:
    """Returns codes of windows that the embedder was not trained with, and their targets."""
    lessons = make_lessons(options.data, options.windows, options.seed, options.threads)
    embedder = Embedder.load(options.embedder, num_threads=options.threads)
    codes = embedder.embed(lessons.patches.astype(np.float32))
    return TaughtCodes(codes, lessons.targets, lessons.weights)


def main() -> None:
    """Fine-tunes, measures and writes the bundle."""
    options = parse_arguments()
    limit_threads(options.threads)
    console = Console()
    class_labels = read_class_labels(options.data / "audioset" / "class_labels_indices.csv")
    segments = read_split(options.data, "bal_train", class_labels, console)
    network = load_patch_network(options.anchor)
    settings = FineTuneSettings(num_epochs=options.epochs, seed=options.seed)
    fine_tune(network, segments, teach(options), settings, console)
    recordings, _ = split(read_manifest(options.data / "sounds"))
    source = {**AUDIOSET_SOURCE, "use": "bal_train for training, eval only for measuring"}
    particulars: dict[str, Any] = {
        "data": [{**source, "damaged_records": len(segments.damaged)}, *data_sources(recordings)],
        "command": command_line("training.pair"),
    }
    measured = measure_on_eval(network, options.data, class_labels, console)
    particulars["metrics"] = measured
    with bundle_in_the_making(options.out) as directory:
        write_saved_model(network, class_labels, directory)
        # Measuring loads the bundle as the product does, which needs a card.
        write_card(directory, card_fields(network, options.out, particulars))
        measured["with_embedder"] = measure_held_out(options.data, options.embedder, directory)
        write_card(directory, card_fields(network, options.out, particulars))
    console.print(measured)
    console.print(f"written: {options.out}")


if __name__ == "__main__":
    main()
