"""`earshot train`, `evaluate`, `export`, `dataset`: commands of the training part.

All that follows the command's name is its own, `--help` too; they need the extra `training`.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells count

# How such a command is added to the app, so that it sees every option first.
PASS_EVERYTHING_ON: dict[str, object] = {
    "ignore_unknown_options": True,
    "allow_interspersed_args": False,
    "help_option_names": [],
}

Arguments: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="[OPTIONS]", show_default=False)
]


def train(arguments: Arguments = None) -> None:
    """Trains a model on labelled embeddings and writes it where the model server finds it."""
    _run("train", "training.train", arguments)


def evaluate(arguments: Arguments = None) -> None:
    """Measures a model on labelled embeddings: a table, a JSON object, a page with curves."""
    _run("evaluate", "training.evaluate", arguments)


def export(arguments: Arguments = None) -> None:
    """Writes a model of a training's best weights, also of one that was stopped."""
    _run("export", "training.export_checkpoint", arguments)


def dataset(arguments: Arguments = None) -> None:
    """Makes labelled embeddings of one's own recordings, to train on."""
    _run("dataset", "training.dataset", arguments)


TRAINING_COMMANDS = (train, evaluate, export, dataset)


def _run(command: str, module: str, arguments: list[str] | None) -> None:
    import os
    import runpy
    import sys

    from earshot.cli.output import say

    sys.argv = [f"earshot {command}", *(arguments or [])]
    # TensorFlow's remarks on the processor at each start.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    try:
        # sys.argv[0] stays as it is: usage and cards name the command by it.
        runpy.run_module(module, run_name="__main__", alter_sys=False)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library in ("", "earshot", "services", "training"):
            raise
        say(f"{command} needs {library}, which is not installed: pip install 'earshot[training]'")
        raise typer.Exit(EXIT_FAILED) from None
    except KeyboardInterrupt:  # before the command could take it: TensorFlow takes seconds to load
        raise typer.Exit(EXIT_INTERRUPTED) from None
