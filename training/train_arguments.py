"""The options of `earshot train`. Network and fitting settings become flags by their names."""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import re
from pathlib import Path
from typing import TypeAlias

from training.frame_level.registry import ARCHITECTURES, Architecture
from training.frame_level.settings import FitSettings, NetworkSizes, check_ranges
from training.program import program_name
from training.threads import add_threads

Settings: TypeAlias = type[NetworkSizes] | type[FitSettings]

_DESCRIPTION = """\
Trains a frame-level model on labelled embeddings, and writes a bundle that model servers load.

Ctrl-C keeps the last whole epoch, and the same command goes on from it. One seed gives one result
on one machine. Without data of your own it takes AudioSet's balanced split, where that is.

models:
"""
_EXAMPLES = """\
examples:
  {program} --model attention
  {program} --data my-sounds --out models/my-sounds/1
  {program} --model lstm --lstm-cells 1024 --train-dir build/train/lstm-1024
"""


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line; those left to the model's recipe are None."""
    program = program_name("training.train")
    parser = argparse.ArgumentParser(
        prog=program,
        usage="%(prog)s [options]",
        description=_DESCRIPTION + _models(),
        epilog=_EXAMPLES.format(program=program),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_data(parser)
    _add_model(parser)
    sizes = parser.add_argument_group("sizes of the network")
    _add_fields(sizes, NetworkSizes)
    fitting = parser.add_argument_group("fitting; each model has a recipe of its own")
    _add_fields(fitting, FitSettings)
    return parser.parse_args(arguments)


def _models() -> str:
    return "\n".join(f"  {name:13}{each.description}" for name, each in ARCHITECTURES.items())


def _add_data(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("data")
    help_text = "folder made by `earshot dataset build`: its *.tfrecord and labels.csv"
    group.add_argument("--data", type=Path, metavar="DIR", help=help_text)
    help_text = "TFRecord files instead, with *, ? and **; in quotes, or the shell expands them"
    group.add_argument("--train-data-pattern", metavar="GLOB", help=help_text)
    help_text = "the classes instead, with the columns index,mid,display_name"
    group.add_argument("--labels", type=Path, metavar="CSV", help=help_text)
    help_text = "how many classes there must be"
    group.add_argument("--num-classes", type=int, metavar="N", help=help_text)
    help_text = "only audio_embedding can be read"
    group.add_argument("--feature-names", metavar="NAME", default="audio_embedding", help=help_text)
    help_text = "only 128 can be read"
    group.add_argument(
        "--feature-sizes", type=int, nargs="+", metavar="N", default=[128], help=help_text
    )
    help_text = "every model here reads frames"
    frames = argparse.BooleanOptionalAction
    group.add_argument("--frame-features", action=frames, default=True, help=help_text)


def _add_model(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("model, and where it goes")
    group.add_argument(
        "--model",
        choices=ARCHITECTURES,
        default="attention",
        metavar="MODEL",
        help="one of those above (default: attention)",
    )
    help_text = "checkpoint, curves and bundle (default: build/train/MODEL)"
    group.add_argument("--train-dir", type=Path, metavar="DIR", help=help_text)
    help_text = "forget the checkpoint and curves that are there"
    group.add_argument("--start-new-model", action="store_true", help=help_text)
    help_text = "the bundle, NAME/VERSION; must be new (default: TRAIN_DIR/bundle/MODEL/1)"
    group.add_argument("--out", type=Path, metavar="DIR", help=help_text)
    add_threads(group)


def _add_fields(group: argparse._ArgumentGroup, settings: Settings) -> None:
    told = _attributes(settings)
    for field in _flag_fields(settings):
        kind = int if field.type == "int" else float
        told_of_field = told.get(field.name, "").replace("%", "%%")
        group.add_argument(
            "--" + field.name.replace("_", "-"),
            type=kind,
            metavar="N" if kind is int else "X",
            help=f"{told_of_field} (default: {_default(settings, field)})",
        )


def _flag_fields(settings: Settings) -> list[dataclasses.Field[object]]:
    # The number of classes is that of --labels.
    return [field for field in dataclasses.fields(settings) if field.name != "num_classes"]


def _attributes(settings: Settings) -> dict[str, str]:
    """Returns what the docstring says of each attribute, on one line."""
    text = inspect.cleandoc(settings.__doc__ or "").partition("Attributes:\n")[2]
    found = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", text, re.MULTILINE)
    return {name: " ".join(said.split()).removesuffix(".") for name, said in found}


def _default(settings: Settings, field: dataclasses.Field[object]) -> str:
    if settings is NetworkSizes:
        return str(field.default)
    values = {name: getattr(each.recipe, field.name) for name, each in ARCHITECTURES.items()}
    if len(set(values.values())) == 1:
        return str(next(iter(values.values()))).lower()
    return ", ".join(f"{name} {value}" for name, value in values.items()).lower()


def given(options: argparse.Namespace, settings: Settings) -> dict[str, int | float]:
    """Returns the settings that the command line gives, by name."""
    names = [field.name for field in _flag_fields(settings)]
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def network_sizes(options: argparse.Namespace, num_classes: int) -> NetworkSizes:
    """Returns the sizes of the network.

    Raises:
        BadInput: One is outside its range.
    """
    sizes = NetworkSizes(num_classes=num_classes, **given(options, NetworkSizes))  # type: ignore[arg-type]
    check_ranges(sizes)
    return sizes


def fit_settings(options: argparse.Namespace, architecture: Architecture) -> FitSettings:
    """Returns the model's recipe, changed by what the command line gives.

    Raises:
        BadInput: A setting is outside its range.
    """
    settings = dataclasses.replace(architecture.recipe, **given(options, FitSettings))  # type: ignore[arg-type]
    check_ranges(settings)
    return settings
