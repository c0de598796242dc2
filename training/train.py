"""Trains a frame-level model: ``earshot train``, or ``python -m training.train``.

The flags are YouTube-8M's where it has them. Ctrl-C keeps the last epoch's checkpoint, and the
same command goes on from it; the end writes a bundle. One seed gives one result on one machine.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from training.bundle_place import check_place
from training.curves import LOGS, Curves
from training.errors import BadCheckpoint
from training.exit_code import exit_code
from training.export_checkpoint import export_checkpoint
from training.frame_level.checkpoint import CHECKPOINT_FILE, read_checkpoint
from training.frame_level.fit import Epoch, Fit
from training.frame_level.registry import ARCHITECTURES
from training.frame_level.settings import FitSettings
from training.session import command_line, limit_threads
from training.train_arguments import fit_settings, given, network_sizes, parse_arguments
from training.train_data import read_training_data, suit_settings
from training.train_folder import keep_origin


def run(options: argparse.Namespace, console: Console) -> Path:
    """Trains, or goes on training, and returns the directory of the bundle it wrote.

    Args:
        options: From `parse_arguments`.
        console: Where progress goes.

    Raises:
        TrainingError: Something given cannot be used, or a file could not be written.
        KeyboardInterrupt: Ctrl-C; the checkpoint of the last whole epoch is there.
    """
    if options.out:
        check_place(options.out)
    architecture = ARCHITECTURES[options.model]
    settings = fit_settings(options, architecture)
    data = read_training_data(options, console)
    sizes = network_sizes(options, len(data.class_labels))
    settings = suit_settings(settings, data.segments, given(options, FitSettings), console)
    train_dir = _train_dir(options)
    checkpoint, curves = train_dir / CHECKPOINT_FILE, Curves(train_dir / LOGS)
    fit = Fit(
        architecture, sizes, data.segments, settings, checkpoint, is_new=options.start_new_model
    )
    if options.start_new_model:
        curves.forget()
    keep_origin(train_dir, data.class_labels, data.ontology, data.source)
    _show_epochs(fit, settings.num_epochs, curves, console)
    if options.out:
        check_place(options.out)  # a training takes its time: it may have been taken meanwhile
    out = options.out or train_dir / "bundle" / options.model / "1"
    export_checkpoint(train_dir, data.class_labels, out, command_line("training.train"))
    console.print(f"written: {out}", markup=False, soft_wrap=True)
    return out


def _train_dir(options: argparse.Namespace) -> Path:
    return options.train_dir or Path("build") / "train" / options.model


def _show_epochs(fit: Fit, num_epochs: int, curves: Curves, console: Console) -> None:
    if fit.state.num_epochs_done < num_epochs:
        logs = f"curves: tensorboard --logdir {curves.directory}"
        console.print(logs, markup=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as progress:
        total = num_epochs * fit.num_steps
        task = progress.add_task("training", total=total)
        progress.update(task, completed=fit.state.num_epochs_done * fit.num_steps)
        for epoch in fit.epochs(on_step=lambda: progress.advance(task)):
            curves.add(epoch)
            console.print(f"epoch {epoch.number}/{num_epochs}: {_told(epoch)}")
    if fit.state.num_epochs_done < num_epochs:
        console.print(f"no better epoch than {fit.state.best_epoch} for a while: stopped early")


def _told(epoch: Epoch) -> str:
    told = f"loss {epoch.loss:.3f}"
    if epoch.validation_map is not None:
        told += f", validation mAP {epoch.validation_map:.4f}"
        told += f", Hit@1 {epoch.validation_hit_at_1:.4f}"
    return told + (" *" if epoch.is_best else "")


def command(options: argparse.Namespace) -> int:
    """Trains; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    console = Console(stderr=True)
    return exit_code(lambda: run(options, console), console, lambda: _what_is_left(options))


def _what_is_left(options: argparse.Namespace) -> str:
    try:
        done = read_checkpoint(_train_dir(options) / CHECKPOINT_FILE).fields["num_epochs_done"]
    except BadCheckpoint:
        done = 0
    if done == 0:
        return "stopped before the end of the first epoch; there is nothing to go on from"
    command = "the same command"
    if options.start_new_model:
        command += " without --start-new-model"
    return f"stopped; epoch {done} is kept, {command} goes on from it"


def main() -> None:
    """Trains as the command line says, on as many threads."""
    options = parse_arguments()
    limit_threads(options.threads)
    sys.exit(command(options))


if __name__ == "__main__":
    main()
