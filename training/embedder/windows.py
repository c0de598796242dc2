"""Training windows: cuts, mixes and disturbances of recordings, with the labels they carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import FULL_SCALE, PATCH_SAMPLES
from training.embedder import augmentation
from training.embedder.alarms import random_alarm
from training.embedder.recordings import Recording, read_pcm

# Names that say nothing of what is heard: the teacher alone labels what bears only these.
VAGUE_LABELS = {"Environmental noise", "Sound effect", "Noise"}

SHARE_OF_ALARMS = 0.08
SHARE_OF_NOISE_ALONE = 0.03
SHARES_BY_NUM_SOURCES = (0.5, 0.4, 0.1)  # one, two, three sounds at once
# A cut quieter than the loudest one of its recording by more than this holds no event.
EVENT_RANGE_DB = 18.0

# A waveform, float32 (15600,), and the names of what is in it.
Part: TypeAlias = tuple[NDArray[np.float32], tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One training example.

    Attributes:
        pcm: int16 (15600,), what the embedder hears.
        taught: int16 (15600,), what the teacher hears: the same, but without a synthesised alarm,
            which it takes for a musical instrument; None when nothing else is in it.
        labels: Names of classes that are surely in `pcm`.
    """

    pcm: NDArray[np.int16]
    taught: NDArray[np.int16] | None
    labels: tuple[str, ...]


class WindowSource:
    """Draws windows at random; one seed gives one sequence.

    A recording is drawn in proportion to its length, and less the more minutes its labels have:
    length / minutes**0.6.
    """

    def __init__(self, sounds: Path, recordings: Sequence[Recording], seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._recordings = recordings
        self._pcm = [read_pcm(sounds / recording.file) for recording in recordings]
        self._loudest_dbfs = [_loudest_dbfs(pcm) for pcm in self._pcm]
        minutes: dict[tuple[str, ...], float] = defaultdict(float)
        for recording in recordings:
            minutes[recording.labels] += recording.duration_s / 60
        weights = np.array([r.duration_s / minutes[r.labels] ** 0.6 for r in recordings])
        self._cumulated = np.cumsum(weights / weights.sum())

    def draw(self) -> Window:
        """Returns the next window."""
        rng = self._rng
        if rng.random() < SHARE_OF_NOISE_ALONE:
            level = augmentation.gain(rng.uniform(-110, -20))
            pcm = _to_pcm(level * augmentation.noise(PATCH_SAMPLES, rng))
            return Window(pcm, pcm, ())
        num_sources = 1 + int(rng.choice(3, p=SHARES_BY_NUM_SOURCES))
        parts = [self._cut() for _ in range(num_sources)]
        level = augmentation.gain(rng.uniform(-18, 6))
        if rng.random() < SHARE_OF_ALARMS:
            return self._with_alarm(parts[1:], level)
        waveform, labels = self._mix(parts)
        pcm = _to_pcm(self._disturb(level * waveform))
        return Window(pcm, pcm, labels)

    def _with_alarm(self, others: list[Part], level: np.float32) -> Window:
        rng = self._rng
        alarm, names = random_alarm(rng)
        if rng.random() < 0.5:
            alarm = augmentation.reverberate(alarm, rng)
        alarm = augmentation.at_level(alarm, -20.0 + rng.uniform(-10, 0))
        taught = None
        labels = names
        if others:
            background, labels_of_others = self._mix(others)
            background = augmentation.at_level(background, -20.0 + rng.uniform(-20, 0))
            alarm = alarm + background
            taught = _to_pcm(level * background)
            labels = tuple(dict.fromkeys(names + labels_of_others))
        return Window(_to_pcm(self._disturb(level * alarm)), taught, labels)

    def _mix(self, parts: list[Part]) -> Part:
        if len(parts) == 1:
            return parts[0]
        waveform = np.zeros(PATCH_SAMPLES, np.float32)
        for part, _ in parts:
            waveform += augmentation.at_level(part, -20.0 + self._rng.uniform(-10, 0))
        return waveform, tuple(dict.fromkeys(name for _, names in parts for name in names))

    def _cut(self) -> Part:
        """Returns a stretch of a recording, one of five tries that holds an event if there is."""
        rng = self._rng
        index = min(int(np.searchsorted(self._cumulated, rng.random())), len(self._pcm) - 1)
        pcm = self._pcm[index]
        for _ in range(5):
            waveform = np.zeros(PATCH_SAMPLES, np.float32)
            if len(pcm) > PATCH_SAMPLES:
                start = int(rng.integers(len(pcm) - PATCH_SAMPLES + 1))
                waveform[:] = pcm[start : start + PATCH_SAMPLES]
            else:
                start = int(rng.integers(PATCH_SAMPLES - len(pcm) + 1))
                waveform[start : start + len(pcm)] = pcm
            waveform /= np.float32(FULL_SCALE)
            if augmentation.level_dbfs(waveform) > self._loudest_dbfs[index] - EVENT_RANGE_DB:
                names = set(self._recordings[index].labels) - VAGUE_LABELS
                return waveform, tuple(sorted(names))
        return waveform, ()

    def _disturb(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        rng = self._rng
        if rng.random() < 0.15:
            waveform = augmentation.reverberate(waveform, rng)
        if rng.random() < 0.2:
            waveform = augmentation.band_limit(waveform, rng)
        if rng.random() < 0.3:
            level = augmentation.gain(rng.uniform(-80, -40))
            waveform = waveform + level * augmentation.noise(PATCH_SAMPLES, rng)
        if rng.random() < 0.15:
            waveform = augmentation.requantise(waveform)
        return waveform


def _to_pcm(waveform: NDArray[np.float32]) -> NDArray[np.int16]:
    scaled = np.rint(waveform * np.float32(FULL_SCALE))
    return np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def _loudest_dbfs(pcm: NDArray[np.int16]) -> float:
    """Returns the level of the loudest window of a recording, looked at every half window."""
    waveform = pcm.astype(np.float32) / np.float32(FULL_SCALE)
    if len(waveform) <= PATCH_SAMPLES:
        waveform = np.pad(waveform, (0, PATCH_SAMPLES - len(waveform)))
    starts = range(0, len(waveform) - PATCH_SAMPLES + 1, PATCH_SAMPLES // 2)
    return max(augmentation.level_dbfs(waveform[s : s + PATCH_SAMPLES]) for s in starts)
