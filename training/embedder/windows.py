"""Training windows: cuts, mixes and disturbances of recordings, with the labels they carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import FULL_SCALE, PATCH_SAMPLES
from training.embedder import augmentation
from training.embedder.alarms import random_alarm
from training.embedder.danger import DANGER, VAGUE_LABELS, absent_dangers, teaches_danger
from training.embedder.recordings import Recording, read_pcm
from training.embedder.rooms import reverberate

SHARE_OF_ALARMS = 0.08
SHARE_OF_NOISE_ALONE = 0.03
# With it a quarter of the cuts hold a danger, or its counterpart; without it a tenth.
DANGER_FACTOR = 3.0
SHARES_BY_NUM_SOURCES = (0.5, 0.4, 0.1)  # one, two, three sounds at once
# A cut quieter than the loudest one of its recording by more than this holds no event.
EVENT_RANGE_DB = 18.0


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One training example, in two versions.

    Attributes:
        plain: int16 (15600,), the sounds as they were recorded, mixed.
        disturbed: int16 (15600,), the same by way of a room, a cheap microphone, a codec.
        taught: int16 (15600,), what the teacher hears: `plain`, but without a synthesised alarm,
            which it takes for a musical instrument; None when nothing else is in it.
        labels: Names of classes that are surely in it.
        absent: Names of classes of danger that are surely not in it.
    """

    plain: NDArray[np.int16]
    disturbed: NDArray[np.int16]
    taught: NDArray[np.int16] | None
    labels: tuple[str, ...]
    absent: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A waveform, float32 (15600,), and what is known of it."""

    waveform: NDArray[np.float32]
    labels: tuple[str, ...]
    absent: frozenset[str]


class WindowSource:
    """Draws windows at random; one seed gives one sequence.

    A recording is drawn in proportion to its length, and less the more minutes its labels have:
    length / minutes**0.6; `DANGER_FACTOR` times as often if it holds a danger, or was chosen as
    a sound that is taken for one.
    """

    def __init__(
        self, sounds: Path, recordings: Sequence[Recording], seed: int | Sequence[int]
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._recordings = recordings
        self._pcm = [read_pcm(sounds / recording.file) for recording in recordings]
        self._loudest_dbfs = [_loudest_dbfs(pcm) for pcm in self._pcm]
        minutes: dict[tuple[str, ...], float] = defaultdict(float)
        for recording in recordings:
            minutes[recording.labels] += recording.duration_s / 60
        weights = np.array([r.duration_s / minutes[r.labels] ** 0.6 for r in recordings])
        weights[[teaches_danger(recording) for recording in recordings]] *= DANGER_FACTOR
        self._cumulated = np.cumsum(weights / weights.sum())

    def reseed(self, seed: Sequence[int]) -> None:
        """Begins another sequence."""
        self._rng = np.random.default_rng(seed)

    def draw(self) -> Window:
        """Returns the next window."""
        rng = self._rng
        if rng.random() < SHARE_OF_NOISE_ALONE:
            gain_factor = augmentation.gain(rng.uniform(-110, -20))
            noise = gain_factor * augmentation.noise(PATCH_SAMPLES, rng)
            return self._window(noise, noise, (), DANGER)
        num_sources = 1 + int(rng.choice(3, p=SHARES_BY_NUM_SOURCES))
        parts = [self._cut() for _ in range(num_sources)]
        gain_factor = augmentation.gain(rng.uniform(-18, 6))
        if rng.random() < SHARE_OF_ALARMS:
            return self._with_alarm(parts[1:], gain_factor)
        mix = self._mix(parts)
        return self._window(
            gain_factor * mix.waveform, gain_factor * mix.waveform, mix.labels, mix.absent
        )

    def _with_alarm(self, others: list[_Part], gain_factor: np.float32) -> Window:
        rng = self._rng
        alarm, names = random_alarm(rng)
        alarm = gain_factor * augmentation.at_level(alarm, -20.0 + rng.uniform(-10, 0))
        if not others:
            return self._window(alarm, None, names, DANGER - {*names})
        background = self._mix(others)
        loudness_dbfs = -20.0 + rng.uniform(-20, 0)
        taught = gain_factor * augmentation.at_level(background.waveform, loudness_dbfs)
        labels = tuple(dict.fromkeys(names + background.labels))
        absent = background.absent - {*names}
        return self._window(alarm + taught, taught, labels, absent)

    def _window(
        self,
        plain: NDArray[np.float32],
        taught: NDArray[np.float32] | None,
        labels: tuple[str, ...],
        absent: frozenset[str],
    ) -> Window:
        taught_pcm = None if taught is None else _to_pcm(taught)
        disturbed = _to_pcm(self._disturb(plain))
        return Window(_to_pcm(plain), disturbed, taught_pcm, labels, absent)

    def _mix(self, parts: list[_Part]) -> _Part:
        if len(parts) == 1:
            return parts[0]
        waveform = np.zeros(PATCH_SAMPLES, np.float32)
        for part in parts:
            waveform += augmentation.at_level(part.waveform, -20.0 + self._rng.uniform(-10, 0))
        labels = tuple(dict.fromkeys(name for part in parts for name in part.labels))
        absent = frozenset.intersection(*(part.absent for part in parts))
        return _Part(waveform, labels, absent)

    def _cut(self) -> _Part:
        """Returns a stretch of a recording, one of five tries that holds an event if there is."""
        rng = self._rng
        index = min(int(np.searchsorted(self._cumulated, rng.random())), len(self._pcm) - 1)
        pcm, recording = self._pcm[index], self._recordings[index]
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
                names = {*recording.labels} - VAGUE_LABELS
                return _Part(waveform, tuple(sorted(names)), absent_dangers(recording))
        return _Part(waveform, (), absent_dangers(recording))

    def _disturb(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        rng = self._rng
        if rng.random() < 0.4:
            waveform = reverberate(waveform, rng)
        waveform = augmentation.gain(rng.uniform(-12, 0)) * waveform
        if rng.random() < 0.4:
            gain_factor = augmentation.gain(rng.uniform(-80, -40))
            waveform = waveform + gain_factor * augmentation.noise(PATCH_SAMPLES, rng)
        if rng.random() < 0.4:
            waveform = augmentation.microphone(waveform, rng)
        if rng.random() < 0.1:
            waveform = augmentation.overload(waveform, rng)
        if rng.random() < 0.3:
            return augmentation.transcode(waveform, rng)
        return augmentation.requantise(waveform) if rng.random() < 0.3 else waveform


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
