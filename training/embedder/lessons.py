"""The training set of the embedder: many windows as patches, and what to score on each.

The teacher hears a window as it was recorded and the embedder hears it twice, the second time
disturbed: it learns to hear through a bad microphone what the teacher heard through a good one.
"""

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
from earshot.audio.params import FULL_SCALE, NUM_BANDS, PATCH_FRAMES
from training.embedder.recordings import Recording
from training.embedder.teacher import Teacher
from training.embedder.windows import Window, WindowSource
from training.readers import read_class_labels

# What a class that is surely there should score: not 1, or loud neighbours would have to be 0.
SURE_SCORE = 0.8
NUM_CLASSES = 527
VERSIONS_OF_A_WINDOW = 2
WINDOWS_PER_JOB = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Patches and targets.

    Attributes:
        patches: float16 (2n, 96, 64), log-mel: each window plain, then disturbed.
        targets: float16 (2n, 527): the teacher's scores; at least `SURE_SCORE` where the manifest
            or the synthesiser knows better, 0 for a danger that the manifest rules out.
        weights: bool (2n, 527): False where neither teacher nor manifest can tell.
    """

    patches: NDArray[np.float16]
    targets: NDArray[np.float16]
    weights: NDArray[np.bool_]


def make_lessons(
    data: Path, recordings: Sequence[Recording], num_windows: int, seed: int, num_processes: int
) -> Lessons:
    """Draws windows from recordings and has the teacher score them.

    Args:
        data: Folder with `sounds/`, `teacher/` and `audioset/`.
        recordings: Those that may train.
        num_windows: A multiple of `WINDOWS_PER_JOB`.
        seed: One seed gives the same lessons, whatever the number of processes.
        num_processes: How many make them side by side.

    Raises:
        ValueError: `num_windows` is not such a multiple.
    """
    if num_windows % WINDOWS_PER_JOB:
        raise ValueError(f"{num_windows} windows; allowed are multiples of {WINDOWS_PER_JOB}")
    num_jobs = num_windows // WINDOWS_PER_JOB
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        num_processes, context, initializer=_start, initargs=(data, recordings, seed)
    ) as pool:
        jobs = pool.map(_make_some, range(num_jobs))
        lessons = _empty(num_windows * VERSIONS_OF_A_WINDOW)
        description = f"making {num_windows} windows"
        for job, part in enumerate(track(jobs, total=num_jobs, description=description)):
            rows = slice(job * len(part.patches), (job + 1) * len(part.patches))
            lessons.patches[rows] = part.patches
            lessons.targets[rows] = part.targets
            lessons.weights[rows] = part.weights
    return lessons


def _empty(num_patches: int) -> Lessons:
    return Lessons(
        patches=np.empty((num_patches, PATCH_FRAMES, NUM_BANDS), np.float16),
        targets=np.empty((num_patches, NUM_CLASSES), np.float16),
        weights=np.empty((num_patches, NUM_CLASSES), np.bool_),
    )


# What a process of the pool needs for each of its jobs: the recordings are read once.
_workshop: tuple[WindowSource, Teacher, list[str], int]


def _start(data: Path, recordings: Sequence[Recording], seed: int) -> None:
    global _workshop  # a pool hands nothing else from its initialiser to its jobs
    labels = read_class_labels(data / "audioset" / "class_labels_indices.csv")
    class_names = [label.display_name for label in labels]
    teacher = Teacher(data / "teacher" / "yamnet.tflite", class_names)
    _workshop = WindowSource(data / "sounds", recordings, seed), teacher, class_names, seed


def _make_some(job: int) -> Lessons:
    source, teacher, class_names, seed = _workshop
    source.reseed([seed, job])
    windows = [source.draw() for _ in range(WINDOWS_PER_JOB)]
    targets, weights = zip(*(_target(w, teacher, class_names) for w in windows), strict=True)
    heard = [patches(pcm)[0] for window in windows for pcm in (window.plain, window.disturbed)]
    return Lessons(
        patches=np.stack(heard).astype(np.float16),
        targets=np.repeat(np.stack(targets).astype(np.float16), VERSIONS_OF_A_WINDOW, axis=0),
        weights=np.repeat(np.stack(weights), VERSIONS_OF_A_WINDOW, axis=0),
    )


def _target(
    window: Window, teacher: Teacher, class_names: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    target = np.zeros(len(class_names), np.float32)
    if window.taught is not None:
        target = teacher.score(window.taught.astype(np.float32) / np.float32(FULL_SCALE))
    target[[class_names.index(name) for name in window.absent]] = 0.0
    sure = [class_names.index(name) for name in window.labels]
    target[sure] = np.maximum(target[sure], SURE_SCORE)
    weight = teacher.is_known.copy()
    weight[sure] = True
    return target, weight
