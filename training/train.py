"""Trains a frame-level model on AudioSet's features: ``python -m training.train --model NAME``.

The flags are YouTube-8M's where it has them. Ctrl-C keeps the last epoch's checkpoint, and the
same command goes on from it; the end writes a bundle. One seed gives one result on one machine.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from training.errors import BadInput, TrainingError
from training.export_checkpoint import export_checkpoint
from training.frame_level.checkpoint import CHECKPOINT_FILE
from training.frame_level.fit import Fit
from training.frame_level.registry import ARCHITECTURES
from training.frame_level.settings import FitSettings, NetworkSizes
from training.places import DATA, REPOSITORY
from training.readers import Segments
from training.session import command_line, limit_threads
from training.shards import check_features, read_labels, read_pattern

AUDIOSET = DATA / "audioset"
INTERRUPTED = 130  # as shells report a command that Ctrl-C ended


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line; those left out of a model's recipe are None."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--model", choices=ARCHITECTURES, default="attention")
    parser.add_argument("--train-dir", type=Path, help="checkpoint and bundle; build/train/MODEL")
    parser.add_argument("--start-new-model", action="store_true", help="forget the checkpoint")
    parser.add_argument("--train-data-pattern", default=str(AUDIOSET / "bal_train" / "*.tfrecord"))
    parser.add_argument("--labels", type=Path, default=AUDIOSET / "class_labels_indices.csv")
    parser.add_argument("--num-classes", type=int, help="must be that of --labels")
    parser.add_argument("--feature-names", default="audio_embedding")
    parser.add_argument("--feature-sizes", type=int, nargs="+", default=[128])
    parser.add_argument("--frame-features", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--threads", type=int, default=2)
    sizes = parser.add_argument_group("sizes of the network, as in YouTube-8M unless given")
    for field in _own_fields(NetworkSizes, but="num_classes"):
        sizes.add_argument(_flag(field.name), type=int)
    fitting = parser.add_argument_group("fitting, the model's recipe unless given")
    for field in _own_fields(FitSettings):
        kind = int if field.type == "int" else float
        fitting.add_argument(_flag(field.name), type=kind)
    return parser.parse_args(arguments)


def _own_fields(settings: type, but: str = "") -> list[dataclasses.Field[object]]:
    return [field for field in dataclasses.fields(settings) if field.name != but]


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _given(options: argparse.Namespace, settings: type) -> dict[str, int | float]:
    names = [field.name for field in _own_fields(settings, but="num_classes")]
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def run(options: argparse.Namespace, console: Console) -> Path:
    """Trains, or goes on training, and returns the directory of the bundle it wrote.

    Args:
        options: From `parse_arguments`.
        console: Where progress goes.

    Raises:
        TrainingError: Something given cannot be used, or a file could not be written.
        KeyboardInterrupt: Ctrl-C; the checkpoint of the last whole epoch is there.
    """
    check_features(options.feature_names, options.feature_sizes)
    if not options.frame_features:
        raise BadInput("--no-frame-features: every model here reads frames")
    architecture = ARCHITECTURES[options.model]
    class_labels = read_labels(options.labels, options.num_classes)
    sizes = NetworkSizes(num_classes=len(class_labels), **_given(options, NetworkSizes))  # type: ignore[arg-type]
    settings = dataclasses.replace(architecture.recipe, **_given(options, FitSettings))  # type: ignore[arg-type]
    train_dir = options.train_dir or REPOSITORY / "build" / "train" / options.model
    segments = read_pattern(options.train_data_pattern, len(class_labels), console)
    _warn_of_empty_classes(segments, console)
    checkpoint = train_dir / CHECKPOINT_FILE
    if options.start_new_model:
        checkpoint.unlink(missing_ok=True)
    fit = Fit(architecture, sizes, segments, settings, checkpoint)
    _show_epochs(fit, settings.num_epochs, console)
    out = train_dir / "bundle" / options.model / "1"
    export_checkpoint(checkpoint, class_labels, out, command_line("training.train"))
    console.print(f"written: {out}")
    return out


def _warn_of_empty_classes(segments: Segments, console: Console) -> None:
    empty = np.flatnonzero(~segments.labels.any(axis=0))
    if len(empty):
        shown = ", ".join(map(str, empty[:10])) + (" …" if len(empty) > 10 else "")
        console.print(f"{len(empty)} classes have no positive example: {shown}", style="yellow")


def _show_epochs(fit: Fit, num_epochs: int, console: Console) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as progress:
        total = num_epochs * fit.num_steps
        task = progress.add_task("training", total=total)
        progress.update(task, completed=fit.num_epochs_done * fit.num_steps)
        for epoch in fit.epochs(on_step=lambda: progress.advance(task)):
            line = f"epoch {epoch.number}/{num_epochs}: loss {epoch.loss:.3f}"
            if epoch.validation_map is not None:
                line += f", validation mAP {epoch.validation_map:.4f}"
            console.print(line + (" *" if epoch.is_best else ""))
    if fit.num_epochs_done < num_epochs:
        console.print(f"no better epoch than {fit.best_epoch} for a while: stopped early")


def command(options: argparse.Namespace) -> int:
    """Trains; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    console = Console(stderr=True)
    try:
        run(options, console)
    except TrainingError as error:
        console.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("stopped; the last whole epoch is kept, the same command goes on from it")
        return INTERRUPTED
    return 0


def main() -> None:
    """Trains as the command line says, on as many threads."""
    options = parse_arguments()
    limit_threads(options.threads)
    sys.exit(command(options))


if __name__ == "__main__":
    main()
