"""Windows: reproducible, bounded, labelled by what can be heard in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from training.embedder.danger import DANGER
from training.embedder.windows import WindowSource


@pytest.fixture
def source_of(tmp_path: Path, recording):
    def make(seed: int) -> WindowSource:
        rng = np.random.default_rng(0)
        recordings = []
        for name, num_samples in (("Dog", 40_000), ("Rain", 5_000), ("Sound effect", 16_000)):
            pcm = (rng.standard_normal(num_samples) * 3_000).astype(np.int16)
            if name == "Dog":
                pcm[:30_000] //= 1_000  # nothing to hear for nearly two seconds
            soundfile.write(tmp_path / f"{name}.flac", pcm, 16_000)
            recordings.append(recording(f"{name}.flac", (name,), duration_s=num_samples / 16_000))
        return WindowSource(tmp_path, recordings, seed)

    return make


def test_windows_are_int16_patches_in_two_versions(source_of) -> None:
    source = source_of(1)
    for window in (source.draw() for _ in range(100)):
        for pcm in (window.plain, window.disturbed):
            assert pcm.shape == (15_600,)
            assert pcm.dtype == np.int16
        if window.taught is not None:
            assert window.taught.shape == (15_600,)


def test_most_second_versions_are_disturbed(source_of) -> None:
    source = source_of(1)
    windows = [source.draw() for _ in range(50)]
    differ = [not np.array_equal(window.plain, window.disturbed) for window in windows]
    assert np.mean(differ) > 0.9


def test_a_dog_in_the_rain_is_no_danger_and_a_sound_effect_may_be_one(source_of) -> None:
    source = source_of(1)
    windows = [source.draw() for _ in range(200)]
    plain = [w for w in windows if w.labels and set(w.labels) <= {"Dog", "Rain"}]
    assert any(window.absent == DANGER for window in plain)
    assert any(not window.absent for window in windows)
    for window in windows:
        assert not window.absent & set(window.labels)


def test_dangers_are_drawn_more_often_than_dogs(tmp_path: Path, recording) -> None:
    pcm = np.random.default_rng(0).integers(-3_000, 3_000, 16_000).astype(np.int16)
    rows = [recording(f"{name}.flac", (name,), duration_s=1.0) for name in ("Dog", "Shatter")]
    for row in rows:
        soundfile.write(tmp_path / row.file, pcm, 16_000)
    source = WindowSource(tmp_path, rows, seed=1)
    heard = [label for window in (source.draw() for _ in range(400)) for label in window.labels]
    assert heard.count("Shatter") > 1.5 * heard.count("Dog")


def test_one_seed_gives_one_sequence(source_of) -> None:
    first, second, other = source_of(1), source_of(1), source_of(2)
    for _ in range(20):
        np.testing.assert_array_equal(first.draw().disturbed, second.draw().disturbed)
    assert not np.array_equal(first.draw().plain, other.draw().plain)


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
        assert window.taught is None or not np.array_equal(window.taught, window.plain)


def test_a_sequence_begins_again_after_reseeding(source_of) -> None:
    source = source_of(1)
    source.reseed([7, 3])
    first = source.draw().disturbed
    source.draw()
    source.reseed([7, 3])
    np.testing.assert_array_equal(source.draw().disturbed, first)
