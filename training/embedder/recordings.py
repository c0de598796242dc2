"""The recordings of `sounds/manifest.csv`: what they are, and their samples."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from earshot.audio.params import SAMPLE_RATE_HZ
from training.errors import BadInput


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
    """Returns every row of `manifest.csv` in a folder of recordings, at least one.

    Raises:
        BadInput: There is no manifest, or not such a one.
    """
    path = sounds / "manifest.csv"
    try:
        with path.open(newline="", encoding="utf-8") as file:
            recordings = [_read_row(row) for row in csv.DictReader(file)]
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None
    except KeyError as error:
        raise BadInput(f"{path}: the column {error} is missing") from None
    except (ValueError, csv.Error) as error:
        raise BadInput(f"{path}: not a manifest of recordings ({error})") from None
    if not recordings:
        raise BadInput(f"{path}: names no recording")
    return recordings


def _read_row(row: Mapping[str, str]) -> Recording:
    if None in row.values():
        raise ValueError(f"too few cells for {row['file']}")
    return Recording(
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


def read_pcm(path: Path) -> NDArray[np.int16]:
    """Returns the samples of a mono recording at 16 kHz, int16 (num_samples,).

    Raises:
        BadInput: It cannot be read, or has another rate, or more channels.
    """
    try:
        samples, rate_hz = soundfile.read(path, dtype="int16", always_2d=True)
    except (OSError, soundfile.SoundFileError) as error:
        raise BadInput(f"{path}: cannot be read as a recording ({error})") from None
    if rate_hz != SAMPLE_RATE_HZ or samples.shape[1] != 1:
        raise BadInput(
            f"{path}: {rate_hz} Hz, {samples.shape[1]} channels; allowed is 16,000 Hz mono"
        )
    pcm: NDArray[np.int16] = samples[:, 0]
    return pcm
