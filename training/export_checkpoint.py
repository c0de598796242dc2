"""Makes a bundle of a training's best weights: ``python -m training.export_checkpoint``.

Also of a training that was stopped: its checkpoint is whole.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from training.card import AUDIOSET_SOURCE, bundle_in_the_making, write_card
from training.errors import BadCheckpoint, BadInput, TrainingError
from training.export import write_saved_model
from training.frame_level.checkpoint import CHECKPOINT_FILE, read_checkpoint
from training.frame_level.registry import ARCHITECTURES
from training.frame_level.report import card_fields
from training.frame_level.settings import NetworkSizes
from training.places import DATA
from training.readers import ClassLabel
from training.session import command_line
from training.shards import read_labels


def export_checkpoint(
    checkpoint_path: Path, class_labels: Sequence[ClassLabel], out: Path, command: str
) -> None:
    """Writes the bundle of a checkpoint, whole or not at all.

    Args:
        checkpoint_path: Of any training of `ARCHITECTURES`.
        class_labels: As many as it has classes.
        out: The bundle, ``<name>/<version>``.
        command: What made it, for the card.

    Raises:
        BadCheckpoint: It is damaged, or of a model that is not known.
        BadInput: Another number of classes, a version that is no number, or no place to write.
    """
    checkpoint = read_checkpoint(checkpoint_path)
    fields = checkpoint.fields
    architecture = ARCHITECTURES.get(fields["model"])
    if architecture is None:
        raise BadCheckpoint(f"{checkpoint_path}: of an unknown model, {fields['model']}")
    sizes = NetworkSizes(**fields["sizes"])
    if sizes.num_classes != len(class_labels):
        raise BadInput(
            f"{checkpoint_path}: of {sizes.num_classes} classes, but {len(class_labels)} are named"
        )
    if not out.name.isdigit():
        raise BadInput(f"{out}: the last part must be a version, e.g. {out / '1'}")
    network = architecture.build(sizes)
    network.set_weights(checkpoint.groups["best"])
    particulars = {
        "description": architecture.description,
        "data": [{**AUDIOSET_SOURCE, "use": "training", "num_segments": fields["num_segments"]}],
        "metrics": {"validation_map": round(fields["best_map"], 4), "epoch": fields["best_epoch"]},
        "settings": {**fields["sizes"], **fields["settings"]},
        "command": command,
    }
    try:
        with bundle_in_the_making(out) as directory:
            write_saved_model(network, class_labels, directory, architecture.score_segments)
            write_card(directory, card_fields(network, out, particulars))
    except OSError as error:
        raise BadInput(f"{out}: could not be written ({error})") from None


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.export_checkpoint", description=__doc__
    )
    parser.add_argument("--train-dir", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the bundle, NAME/VERSION")
    labels = DATA / "audioset" / "class_labels_indices.csv"
    parser.add_argument("--labels", type=Path, default=labels)
    return parser.parse_args(arguments)


def command(options: argparse.Namespace) -> int:
    """Exports; returns 0, or 1 with a sentence on what is wrong."""
    console = Console(stderr=True)
    checkpoint = options.train_dir / CHECKPOINT_FILE
    try:
        class_labels = read_labels(options.labels)
        started_as = command_line("training.export_checkpoint")
        export_checkpoint(checkpoint, class_labels, options.out, started_as)
    except TrainingError as error:
        console.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        return 1
    console.print(f"written: {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(command(parse_arguments()))
