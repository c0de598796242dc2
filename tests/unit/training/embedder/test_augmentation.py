"""Disturbances of a waveform: what they keep and what they change."""

from __future__ import annotations

import numpy as np
import pytest

from training.embedder import augmentation


@pytest.fixture
def waveform() -> np.ndarray:
    times_s = np.arange(15_600) / 16_000
    return (0.1 * np.sin(2 * np.pi * 1_000 * times_s)).astype(np.float32)


def test_a_waveform_is_brought_to_a_level(waveform: np.ndarray) -> None:
    louder = augmentation.at_level(waveform, -12.0)
    assert augmentation.level_dbfs(louder) == pytest.approx(-12.0, abs=0.01)


def test_silence_is_not_amplified_without_limit() -> None:
    assert not augmentation.at_level(np.zeros(100, np.float32), -20.0).any()


def test_noise_has_unit_level() -> None:
    noise = augmentation.noise(15_600, np.random.default_rng(1))
    assert augmentation.level_dbfs(noise) == pytest.approx(0.0, abs=0.01)


def test_a_band_limit_removes_what_is_outside() -> None:
    rng = np.random.default_rng(1)
    white = rng.standard_normal(15_600).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(augmentation.band_limit(white, rng)))
    assert spectrum[:15].mean() < 0.3 * spectrum[1_000:2_000].mean()
    assert spectrum[-100:].mean() < 0.8 * spectrum[1_000:2_000].mean()


def test_a_room_adds_a_tail_and_keeps_the_sound_first() -> None:
    click = np.zeros(15_600, np.float32)
    click[1_000] = 0.5
    wet = augmentation.reverberate(click, np.random.default_rng(1))
    assert np.abs(wet[:999]).max() < 1e-5
    assert wet[1_001:6_000].any()


def test_requantising_leaves_255_values(waveform: np.ndarray) -> None:
    requantised = augmentation.requantise(waveform)
    assert requantised.dtype == np.float32
    assert np.abs(requantised - waveform).max() <= 0.5 / 127 + 1e-6
    assert len(np.unique(requantised)) <= 27
