"""Windows: reproducible, bounded, labelled by what can be heard in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from training.embedder.recordings import Recording
from training.embedder.windows import WindowSource


@pytest.fixture
def source_of(tmp_path: Path):
    def make(seed: int) -> WindowSource:
        rng = np.random.default_rng(0)
        recordings = []
        for name, num_samples in (("Dog", 40_000), ("Rain", 5_000), ("Sound effect", 16_000)):
            pcm = (rng.standard_normal(num_samples) * 3_000).astype(np.int16)
            if name == "Dog":
                pcm[:30_000] //= 1_000  # nothing to hear for nearly two seconds
            soundfile.write(tmp_path / f"{name}.flac", pcm, 16_000)
            recordings.append(
                Recording(
                    file=f"{name}.flac",
                    labels=(name,),
                    licence="CC0 1.0",
                    attribution=name,
                    source_repo="a/b",
                    tier="A",
                    duration_s=num_samples / 16_000,
                    fold="",
                    label_of_set="",
                    near_duplicate_group="",
                )
            )
        return WindowSource(tmp_path, recordings, seed)

    return make


def test_windows_are_int16_patches(source_of) -> None:
    source = source_of(1)
    for window in (source.draw() for _ in range(100)):
        assert window.pcm.shape == (15_600,)
        assert window.pcm.dtype == np.int16
        if window.taught is not None:
            assert window.taught.shape == (15_600,)


def test_one_seed_gives_one_sequence(source_of) -> None:
    first, second, other = source_of(1), source_of(1), source_of(2)
    for _ in range(20):
        np.testing.assert_array_equal(first.draw().pcm, second.draw().pcm)
    assert not np.array_equal(first.draw().pcm, other.draw().pcm)


def test_vague_names_are_left_to_the_teacher(source_of) -> None:
    source = source_of(1)
    names = {name for _ in range(200) for name in source.draw().labels}
    assert {"Dog", "Rain"} <= names
    assert "Sound effect" not in names


def test_the_teacher_does_not_hear_synthesised_alarms(source_of) -> None:
    source = source_of(1)
    windows = [source.draw() for _ in range(300)]
    alarms = [w for w in windows if {"Siren", "Alarm", "Beep, bleep"} & set(w.labels)]
    assert alarms
    assert any(window.taught is None for window in alarms)
    for window in alarms:
        assert window.taught is None or not np.array_equal(window.taught, window.pcm)
