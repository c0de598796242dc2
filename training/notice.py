"""Writes `models/NOTICE`: whose sounds and models the shipped weights were trained with.

``python -m training.notice``
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from training.card import AUDIOSET_SOURCE
from training.embedder.partition import partition
from training.embedder.recordings import Recording, read_manifest
from training.places import DATA, MODELS

HEAD = f"""The models in this folder are part of Earshot, under the Apache License 2.0.
They were trained with the following, none of which is contained in them as such.

AudioSet, released features and labels. Licence: {AUDIOSET_SOURCE["licence"]}
(https://creativecommons.org/licenses/by/4.0/). {AUDIOSET_SOURCE["attribution"]}
The class lists in assets/labels.csv are AudioSet's.

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


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(prog="python -m training.notice", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=MODELS / "NOTICE")
    options = parser.parse_args()
    training = partition(read_manifest(options.data / "sounds")).training
    options.out.write_text(notice(training), encoding="utf-8")


if __name__ == "__main__":
    main()
