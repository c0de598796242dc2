"""The recordings of `sounds/manifest.csv`: what they are, and their samples."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from earshot.audio.params import SAMPLE_RATE_HZ


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
