"""The training set of the embedder: many windows as patches, and what to score on each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from earshot.audio.mel import patches
from earshot.audio.params import FULL_SCALE
from training.embedder.recordings import read_manifest, split
from training.embedder.teacher import Teacher
from training.embedder.windows import Window, WindowSource
from training.readers import read_class_labels

# What a class that is surely there should score: not 1, or loud neighbours would have to be 0.
SURE_SCORE = 0.8
WINDOWS_PER_JOB = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Patches and targets.

    Attributes:
        patches: float16 (n, 96, 64), log-mel.
        targets: float16 (n, 527): the teacher's scores, at least `SURE_SCORE` where the manifest
            or the synthesiser knows better.
        weights: bool (n, 527): False where neither teacher nor manifest can tell.
    """

    patches: NDArray[np.float16]
    targets: NDArray[np.float16]
    weights: NDArray[np.bool_]


def make_lessons(data: Path, num_windows: int, seed: int, num_processes: int) -> Lessons:
    """Draws windows from the recordings that may train and has the teacher score them.

    Args:
        data: Folder with `sounds/`, `teacher/` and `audioset/`.
        num_windows: A multiple of `WINDOWS_PER_JOB`.
        seed: One seed gives the same lessons, whatever the number of processes.
        num_processes: How many make them side by side.

    Raises:
        ValueError: `num_windows` is not such a multiple.
    """
    if num_windows % WINDOWS_PER_JOB:
        raise ValueError(f"{num_windows} windows; allowed are multiples of {WINDOWS_PER_JOB}")
    seeds = [seed * 10_000 + job for job in range(num_windows // WINDOWS_PER_JOB)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(num_processes, mp_context=context) as pool:
        jobs = pool.map(_make_some, [data] * len(seeds), seeds)
        description = f"making {num_windows} windows"
        parts = list(track(jobs, total=len(seeds), description=description))
    return Lessons(
        patches=np.concatenate([part.patches for part in parts]),
        targets=np.concatenate([part.targets for part in parts]),
        weights=np.concatenate([part.weights for part in parts]),
    )


def _make_some(data: Path, seed: int) -> Lessons:
    class_names = [
        label.display_name
        for label in read_class_labels(data / "audioset" / "class_labels_indices.csv")
    ]
    training, _ = split(read_manifest(data / "sounds"))
    source = WindowSource(data / "sounds", training, seed)
    teacher = Teacher(data / "teacher" / "yamnet.tflite", class_names)
    windows = [source.draw() for _ in range(WINDOWS_PER_JOB)]
    targets, weights = zip(*(_target(w, teacher, class_names) for w in windows), strict=True)
    return Lessons(
        patches=np.stack([patches(window.pcm)[0] for window in windows]).astype(np.float16),
        targets=np.stack(targets).astype(np.float16),
        weights=np.stack(weights),
    )


def _target(
    window: Window, teacher: Teacher, class_names: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    target = np.zeros(len(class_names), np.float32)
    if window.taught is not None:
        target = teacher.score(window.taught.astype(np.float32) / np.float32(FULL_SCALE))
    sure = [class_names.index(name) for name in window.labels]
    target[sure] = np.maximum(target[sure], SURE_SCORE)
    weight = teacher.is_known.copy()
    weight[sure] = True
    return target, weight
