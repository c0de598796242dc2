"""Writes `models/NOTICE`: whose sounds and models the shipped weights were trained with.

``python -m training.notice``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from training.card import AUDIOSET_SOURCE
from training.embedder.partition import partition
from training.embedder.recordings import Recording, read_manifest
from training.errors import BadInput
from training.exit_code import exit_code
from training.places import DATA, MODELS
from training.whole_file import whole_file

HEAD = f"""The models in this folder are part of Earshot, under the Apache License 2.0.
They were trained with the following, none of which is contained in them as such.

AudioSet, released features and labels. Licence: {AUDIOSET_SOURCE["licence"]}
(https://creativecommons.org/licenses/by/4.0/). {AUDIOSET_SOURCE["attribution"]}
The class lists in assets/labels.csv are AudioSet's.

AudioSet Ontology: assets/ontology.csv holds its names and which sounds are kinds of which, without
descriptions and examples. Licence: CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/).
Google, https://github.com/audioset/ontology

YAMNet, whose scores the embedder learnt from. Copyright The TensorFlow Authors. Licensed under the
Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0).
https://github.com/tensorflow/models/tree/master/research/audioset/yamnet

Recordings, cut, mixed and disturbed for training. Creator | licence | where it was found:

"""


def notice(recordings: Sequence[Recording]) -> str:
    """Returns the text: a head, then one line per creator, licence and source, sorted."""
    lines = {
        f"{recording.attribution} | {recording.licence} | {recording.source_repo}"
        for recording in recordings
    }
    return HEAD + "\n".join(sorted(lines, key=str.casefold)) + "\n"


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.notice", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=MODELS / "NOTICE")
    return parser.parse_args(arguments)


def run(options: argparse.Namespace) -> None:
    """Writes the file.

    Raises:
        BadInput: The manifest cannot be read, or the file not written.
    """
    training = partition(read_manifest(options.data / "sounds")).training
    try:
        with whole_file(options.out) as aside:
            aside.write_text(notice(training), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{options.out}: could not be written ({error.strerror})") from None


def command(options: argparse.Namespace) -> int:
    """Runs; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    return exit_code(lambda: run(options), Console(stderr=True))


if __name__ == "__main__":
    sys.exit(command(parse_arguments()))
