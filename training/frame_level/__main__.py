"""Trains the anchor, a model of AudioSet's features: ``python -m training.frame_level``.

The embedder is distilled through it, and the shipped bundle is fine-tuned from it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from rich.console import Console

from earshot.embedding.card_writer import write_card
from training.card import AUDIOSET_SOURCE, bundle_in_the_making
from training.exit_code import exit_code
from training.export import write_saved_model
from training.frame_level.report import card_fields, measure_network, measure_on_eval, read_split
from training.frame_level.train import TrainSettings, train
from training.model_place import name_version
from training.places import ANCHOR, DATA
from training.readers import holdout_rows, read_class_labels
from training.session import command_line, limit_threads
from training.threads import add_threads


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    defaults = TrainSettings()
    parser = argparse.ArgumentParser(prog="python -m training.frame_level", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder that holds audioset/")
    parser.add_argument("--out", type=name_version, default=ANCHOR)
    parser.add_argument("--epochs", type=int, default=defaults.num_epochs)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    add_threads(parser)
    parser.add_argument(
        "--choose",
        action="store_true",
        help="train on 90 %% of bal_train, measure on the rest, write nothing: to compare settings",
    )
    return parser.parse_args(arguments)


def run(options: argparse.Namespace, console: Console) -> None:
    """Trains, measures and writes the bundle.

    Raises:
        TrainingError: Something given cannot be used.
    """
    settings = TrainSettings(num_epochs=options.epochs, seed=options.seed)
    class_labels = read_class_labels(options.data / "audioset" / "class_labels_indices.csv")
    segments = read_split(options.data, "bal_train", class_labels, console)
    if options.choose:
        is_held_out = holdout_rows(segments.ids, share=0.1, seed=settings.seed)
        network = train(segments.take(np.flatnonzero(~is_held_out)), settings, console)
        console.print(measure_network(network, segments.take(np.flatnonzero(is_held_out))))
        return
    network = train(segments, settings, console)
    measured = measure_on_eval(network, options.data, class_labels, console)
    source = {**AUDIOSET_SOURCE, "use": "bal_train for training, eval only for measuring"}
    particulars = {
        "data": [{**source, "damaged_records": len(segments.damaged)}],
        "metrics": measured,
        "command": command_line("training.frame_level"),
    }
    with bundle_in_the_making(options.out) as directory:
        write_saved_model(network, class_labels, directory)
        write_card(directory, card_fields(network, options.out, particulars))
    console.print(measured)
    console.print(f"written: {options.out}", markup=False, soft_wrap=True)


def command(options: argparse.Namespace) -> int:
    """Runs; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    return exit_code(lambda: run(options, Console()), Console(stderr=True))


def main() -> None:
    """Sets TensorFlow up before its first operation, then runs."""
    options = parse_arguments()
    limit_threads(options.threads)
    sys.exit(command(options))


if __name__ == "__main__":
    main()
