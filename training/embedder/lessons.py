"""The training set of the embedder: many windows as patches, and what to score on each.

The teacher hears a window as it was recorded and the embedder hears it twice, the second time
disturbed: it learns to hear through a bad microphone what the teacher heard through a good one.
"""

from __future__ import annotations

import functools
import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from earshot.audio.mel import patches
from earshot.audio.params import FULL_SCALE, NUM_BANDS, PATCH_FRAMES
from training.embedder.danger import VAGUE_LABELS
from training.embedder.recordings import Recording
from training.embedder.teacher import Teacher
from training.embedder.windows import Window, WindowSource
from training.errors import BadInput, TrainingError
from training.readers import read_class_labels

# What a class that is surely there should score: not 1, or loud neighbours would have to be 0.
SURE_SCORE = 0.8
NUM_CLASSES = 527
VERSIONS_OF_A_WINDOW = 2
# Each job draws from a seed of its own.
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
    data: Path,
    recordings: Sequence[Recording],
    num_windows: int,
    seed: int,
    num_processes: int,
    windows_per_job: int = WINDOWS_PER_JOB,
) -> Lessons:
    """Draws windows from recordings and has the teacher score them.

    Args:
        data: Folder with `sounds/`, `teacher/` and `audioset/`.
        recordings: Those that may train.
        num_windows: A multiple of `windows_per_job`.
        seed: One seed gives the same lessons, whatever the number of processes.
        num_processes: How many make them side by side.
        windows_per_job: How many of them one process makes at a time; others are other lessons.

    Raises:
        BadInput: `num_windows` is not such a multiple, or something in `data` cannot be used.
        TrainingError: A process was ended, by want of memory most likely.
    """
    if num_windows < 1 or num_windows % windows_per_job:
        raise BadInput(f"--windows {num_windows}: must be a multiple of {windows_per_job:,}")
    context = multiprocessing.get_context("spawn")
    given = (data, recordings, seed, windows_per_job)
    try:
        with ProcessPoolExecutor(num_processes, context, _start, given) as pool:
            parts = pool.map(_make_some, range(num_windows // windows_per_job))
            return _joined(parts, num_windows, windows_per_job)
    except BrokenProcessPool:
        raise TrainingError(
            f"a process that made windows was ended; is there memory for --threads {num_processes}?"
        ) from None


def _joined(parts: Iterable[Lessons], num_windows: int, windows_per_job: int) -> Lessons:
    lessons = _empty(num_windows * VERSIONS_OF_A_WINDOW)
    num_jobs, num_patches = num_windows // windows_per_job, windows_per_job * VERSIONS_OF_A_WINDOW
    description = f"making {num_windows} windows"
    for job, part in enumerate(track(parts, total=num_jobs, description=description)):
        rows = slice(job * num_patches, (job + 1) * num_patches)
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


# What a process of the pool needs for its jobs.
_given: tuple[Path, Sequence[Recording], int, int]


def _start(*given: Any) -> None:
    global _given  # a pool hands nothing else from its initialiser to its jobs
    _given = given


@functools.cache
def _workshop() -> tuple[WindowSource, Teacher, list[str]]:
    """Reads all recordings, once in a process.

    In its first job, not before: what a job raises reaches who waits for it.
    """
    data, recordings, seed, _ = _given
    labels = read_class_labels(data / "audioset" / "class_labels_indices.csv")
    class_names = [label.display_name for label in labels]
    for recording in recordings:
        if unknown := {*recording.labels} - {*class_names} - VAGUE_LABELS:
            raise BadInput(f"{recording.file}: {unknown.pop()!r} is no class of AudioSet")
    teacher = Teacher(data / "teacher" / "yamnet.tflite", class_names)
    return WindowSource(data / "sounds", recordings, seed), teacher, class_names


def _make_some(job: int) -> Lessons:
    source, teacher, class_names = _workshop()
    _, _, seed, num_windows = _given
    source.reseed([seed, job])
    windows = [source.draw() for _ in range(num_windows)]
    targets, weights = zip(*(target_of(w, teacher, class_names) for w in windows), strict=True)
    heard = [patches(pcm)[0] for window in windows for pcm in (window.plain, window.disturbed)]
    return Lessons(
        patches=np.stack(heard).astype(np.float16),
        targets=np.repeat(np.stack(targets).astype(np.float16), VERSIONS_OF_A_WINDOW, axis=0),
        weights=np.repeat(np.stack(weights), VERSIONS_OF_A_WINDOW, axis=0),
    )


def target_of(
    window: Window, teacher: Teacher, class_names: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Returns what to score on a window, float32 (c,), and bool (c,), where to learn from it.

    Args:
        window: One training example.
        teacher: Scores what it is to hear of it.
        class_names: AudioSet's display names in order, c of them.
    """
    target = np.zeros(len(class_names), np.float32)
    if window.taught is not None:
        target = teacher.score(window.taught.astype(np.float32) / np.float32(FULL_SCALE))
    target[[class_names.index(name) for name in window.absent]] = 0.0
    sure = [class_names.index(name) for name in window.labels]
    target[sure] = np.maximum(target[sure], SURE_SCORE)
    weight = teacher.is_known.copy()
    weight[sure] = True
    return target, weight
