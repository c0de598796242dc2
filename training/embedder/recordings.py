"""The recordings of `sounds/manifest.csv`: what they are, which may train, their samples."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from earshot.audio.params import SAMPLE_RATE_HZ

HELD_OUT_FOLD = "4"


@dataclass(frozen=True, slots=True)
class Recording:
    """One row of the manifest.

    Attributes:
        file: Path below `sounds/`.
        labels: AudioSet display names.
        licence: As the manifest gives it.
        attribution: Whom to name.
        source_repo: Where it was found.
        tier: A without a caveat, B with one.
        duration_s: Its length.
        fold: ESC-10's fold, else empty.
        label_of_set: ESC-10's or another set's own class name, else empty.
        near_duplicate_group: Recordings of one group sound alike; empty for none.
    """

    file: str
    labels: tuple[str, ...]
    licence: str
    attribution: str
    source_repo: str
    tier: str
    duration_s: float
    fold: str
    label_of_set: str
    near_duplicate_group: str


def read_manifest(sounds: Path) -> list[Recording]:
    """Returns every row of `manifest.csv` in a folder of recordings.

    Raises:
        OSError: There is no manifest.
    """
    with (sounds / "manifest.csv").open(newline="", encoding="utf-8") as file:
        return [
            Recording(
                file=row["file"],
                labels=tuple(name.strip() for name in row["audioset_label"].split(";")),
                licence=row["licence"],
                attribution=row["attribution"],
                source_repo=row["source_repo"],
                tier=row["tier"],
                duration_s=float(row["duration_s"]),
                fold=row["fold"],
                label_of_set=row["class"],
                near_duplicate_group=row["near_duplicate_group"],
            )
            for row in csv.DictReader(file)
        ]


def split(recordings: Sequence[Recording]) -> tuple[list[Recording], list[Recording]]:
    """Returns what may train, and ESC-10's held-out fold, which only measures.

    Whatever shares an attribution, a near-duplicate group or a Freesound number with the held-out
    fold is in neither.
    """
    held_out = [recording for recording in recordings if recording.fold == HELD_OUT_FOLD]
    origins = set[str]().union(*(_origins(recording) for recording in held_out))
    training = [recording for recording in recordings if not _origins(recording) & origins]
    return training, held_out


def _origins(recording: Recording) -> set[str]:
    numbers = re.findall(r"freesound(?:\S*/(?:sounds|s)/| )(\d+)", recording.attribution)
    names = {f"freesound {number}" for number in numbers}
    if recording.near_duplicate_group:
        names.add(f"group {recording.near_duplicate_group}")
    return names | {recording.attribution}


def read_pcm(path: Path) -> NDArray[np.int16]:
    """Returns the samples of a mono recording at 16 kHz, int16 (num_samples,).

    Raises:
        ValueError: Another rate, or more channels.
    """
    samples, rate_hz = soundfile.read(path, dtype="int16", always_2d=True)
    if rate_hz != SAMPLE_RATE_HZ or samples.shape[1] != 1:
        raise ValueError(
            f"{path}: {rate_hz} Hz, {samples.shape[1]} channels; allowed is 16,000 Hz mono"
        )
    pcm: NDArray[np.int16] = samples[:, 0]
    return pcm
