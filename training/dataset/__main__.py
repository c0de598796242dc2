"""Makes a dataset of one's own sounds: ``earshot dataset build``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.embedding.bundles import newest_bundle
from earshot.embedding.embedder import Embedder
from earshot.embedding.errors import EmbeddingError
from earshot.settings import ModelSettings, SettingsError
from earshot.startup import load
from training.dataset.build import Sources, build, check_replaceable, write_dataset
from training.dataset.classes import audioset_mids
from training.dataset.description import Origin
from training.dataset.problems import Problems
from training.errors import BadInput
from training.exit_code import exit_code
from training.places import MODELS
from training.program import program_name
from training.session import command_line
from training.shards import MAX_FRAMES

_DESCRIPTION = """\
Makes a dataset to train on, for `earshot train --data`, of labelled recordings.

FOLDER    a sub-folder of recordings per label; or recordings with an Audacity label file of the
          same name beside them: monday.wav, monday.txt
MANIFEST  a CSV with the columns file,label and, where stretches are labelled, start_s,end_s;
          files are relative to it

Several labels of one stretch have semicolons between them. Stretches that overlap become segments
with the labels of all; less than 0.48 s left at the end, after patches of 0.96 s, is in none. What
cannot be used is left out, and a sentence says where and why.
"""
_PATCH_HOP_S = PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog=program_name("training.dataset"))
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser(
        "build",
        help="embeds labelled recordings",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    making.add_argument("source", type=Path, metavar="FOLDER|MANIFEST")
    _add_folder(making, "--out", "the dataset (default: NAME.dataset in this folder)")
    _add_folder(making, "--background", "sound without any label, to learn what is not meant")
    help_text = "longer stretches are cut (default: 9.6)"
    making.add_argument("--segment-s", type=float, metavar="X", default=9.6, help=help_text)
    help_text = "end at the first recording or row that cannot be used"
    making.add_argument("--strict", action="store_true", help=help_text)
    help_text = "of the models folder (default: vggish-compact)"
    making.add_argument("--embedder", metavar="NAME", default="vggish-compact", help=help_text)
    help_text = "the models folder (default: EARSHOT_MODELS_DIR, else the shipped one)"
    _add_folder(making, "--models-dir", help_text)
    help_text = "cores to compute on (default: 2)"
    making.add_argument("--threads", type=int, metavar="N", default=2, help=help_text)
    return parser.parse_args(arguments)


def _add_folder(parser: argparse.ArgumentParser, flag: str, help_text: str) -> None:
    parser.add_argument(flag, type=Path, metavar="DIR", help=help_text)


def run(options: argparse.Namespace, console: Console) -> dict[str, Any]:
    """Builds a dataset; returns what its `dataset.json` says.

    Args:
        options: From `parse_arguments`.
        console: Where progress and problems go.

    Raises:
        TrainingError: Something given cannot be used, or a file could not be written.
    """
    out = options.out or Path(f"{options.source.resolve().stem}.dataset")
    check_replaceable(out)
    patches_per_segment = _patches_per_segment(options.segment_s)
    mids = audioset_mids(MODELS)
    embedder = _load_embedder(options)
    problems = Problems(console, options.strict)
    sources = Sources(options.source, options.background)
    segments = build(sources, embedder, patches_per_segment, problems, console)
    origin = Origin(
        options.source,
        options.background,
        embedder.name_version,
        embedder.embedding_space,
        options.segment_s,
        command_line("training.dataset"),
    )
    description = write_dataset(out, segments, mids, origin, problems)
    console.print(_table(description))
    console.print(
        f"written: {out}; {description['num_segments']} segments, "
        f"{description['num_left_out']} left out",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return description


def _patches_per_segment(segment_s: float) -> int:
    longest_s = MAX_FRAMES * _PATCH_HOP_S
    if not _PATCH_HOP_S <= segment_s <= longest_s:
        raise BadInput(f"--segment-s {segment_s:g}: allowed are {_PATCH_HOP_S} to {longest_s:g}")
    return int(segment_s / _PATCH_HOP_S + 1e-6)


def _load_embedder(options: argparse.Namespace) -> Embedder:
    if options.threads < 1:
        raise BadInput(f"--threads {options.threads}: must be 1 or more")
    try:
        models_dir = options.models_dir or load(ModelSettings).models_dir
        bundle = newest_bundle(models_dir, options.embedder)
        return Embedder.load(bundle, num_threads=options.threads)
    except (EmbeddingError, SettingsError) as error:
        raise BadInput(str(error)) from None


def _table(description: dict[str, Any]) -> Table:
    table = Table("label", "mid", "segments", "seconds")
    rows = [(each["display_name"], each["mid"], each) for each in description["labels"]]
    for name, mid, amount in [*rows, ("(background)", "", description["background"])]:
        cells = (name, mid, str(amount["num_segments"]), f"{amount['seconds']:.1f}")
        table.add_row(*map(Text, cells))  # in plain words brackets would be markup
    return table


def command(options: argparse.Namespace) -> int:
    """Builds; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    console = Console(stderr=True)
    return exit_code(lambda: run(options, console), console, lambda: "stopped; nothing was written")


if __name__ == "__main__":
    sys.exit(command(parse_arguments()))
