"""Makes a bundle of a training's best weights: ``earshot export``.

Or ``python -m training.export_checkpoint``. Also of a training that was stopped, whose checkpoint
is whole.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import keras
from rich.console import Console

from earshot.embedding.card_writer import write_card
from training.bundle_place import check_place
from training.card import bundle_in_the_making
from training.errors import BadCheckpoint, BadInput
from training.exit_code import exit_code
from training.export import write_saved_model
from training.frame_level.checkpoint import CHECKPOINT_FILE, Checkpoint, read_checkpoint
from training.frame_level.registry import ARCHITECTURES, Architecture
from training.frame_level.report import card_fields
from training.frame_level.settings import NetworkSizes
from training.ontology import ONTOLOGY_FILE
from training.program import program_name
from training.readers import ClassLabel
from training.session import command_line
from training.shards import read_labels
from training.train_folder import CLASSES_FILE, read_source


def export_checkpoint(
    train_dir: Path, class_labels: Sequence[ClassLabel], out: Path, command: str
) -> None:
    """Writes the bundle of a checkpoint, whole or not at all.

    Args:
        train_dir: Folder of any training of `ARCHITECTURES`.
        class_labels: As many as it has classes.
        out: The bundle, ``<name>/<version>``; what is there is replaced.
        command: What made it, for the card.

    Raises:
        BadCheckpoint: It is damaged, of a model that is not known, or of no whole epoch.
        BadInput: Another number of classes, or no place to write.
    """
    path = train_dir / CHECKPOINT_FILE
    checkpoint = read_checkpoint(path)
    source = read_source(train_dir)
    fields = checkpoint.fields
    architecture, network = _restored(checkpoint, path)
    num_classes = fields["sizes"]["num_classes"]
    if num_classes != len(class_labels):
        raise BadInput(f"{path}: of {num_classes} classes, but {len(class_labels)} are named")
    particulars = {
        "description": architecture.description,
        "data": [{**source, "use": "training", "num_segments": fields["num_segments"]}],
        "metrics": {"validation_map": round(fields["best_map"], 4), "epoch": fields["best_epoch"]},
        "settings": {**fields["sizes"], **fields["settings"]},
        "command": command,
    }
    try:
        with bundle_in_the_making(out) as directory:
            write_saved_model(network, class_labels, directory, architecture.score_segments)
            if (ontology := train_dir / ONTOLOGY_FILE).exists():
                shutil.copy(ontology, directory / "assets")
            write_card(directory, card_fields(network, out, particulars))
    except OSError as error:
        raise BadInput(f"{out}: could not be written ({error})") from None


def _restored(checkpoint: Checkpoint, path: Path) -> tuple[Architecture, keras.Model]:
    """Returns the architecture that was trained, and its network with the best weights."""
    fields = checkpoint.fields
    architecture = ARCHITECTURES.get(fields.get("model", "none"))
    if architecture is None:
        raise BadCheckpoint(f"{path}: of an unknown model, {fields.get('model')}")
    if fields["num_epochs_done"] == 0:
        raise BadCheckpoint(f"{path}: not one epoch is done, its weights are random")
    try:
        network = architecture.build(NetworkSizes(**fields["sizes"]))
        network.set_weights(checkpoint.groups["best"])
    except (TypeError, ValueError):
        raise BadCheckpoint(
            f"{path}: its weights do not fit {architecture.name} as it is now"
        ) from None
    return architecture, network


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    program = program_name("training.export_checkpoint")
    parser = argparse.ArgumentParser(
        prog=program,
        description="Makes a bundle of a training's best weights, also of one that was stopped.",
        epilog=f"example:\n  {program} --train-dir build/train/attention --out models/mine/2",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    help_text = "where the training wrote its checkpoint"
    parser.add_argument("--train-dir", type=Path, required=True, metavar="DIR", help=help_text)
    help_text = "the bundle, NAME/VERSION; must be new"
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=help_text)
    help_text = (
        f"its classes, with other names than in training (default: TRAIN_DIR/{CLASSES_FILE})"
    )
    parser.add_argument("--labels", type=Path, metavar="CSV", help=help_text)
    return parser.parse_args(arguments)


def run(options: argparse.Namespace, console: Console) -> None:
    """Writes the bundle.

    Raises:
        TrainingError: There is no such training, or no such place.
    """
    checkpoint = options.train_dir / CHECKPOINT_FILE
    started_as = command_line("training.export_checkpoint")
    check_place(options.out)
    if not checkpoint.exists():
        raise BadCheckpoint(f"{checkpoint}: there is no checkpoint")
    class_labels = read_labels(options.labels or options.train_dir / CLASSES_FILE)
    export_checkpoint(options.train_dir, class_labels, options.out, started_as)
    console.print(f"written: {options.out}", markup=False, soft_wrap=True)


def command(options: argparse.Namespace) -> int:
    """Exports; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    console = Console(stderr=True)
    return exit_code(lambda: run(options, console), console, lambda: "stopped; nothing was written")


if __name__ == "__main__":
    sys.exit(command(parse_arguments()))
