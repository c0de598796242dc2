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


def test_a_cheap_microphone_hears_neither_lows_nor_highs() -> None:
    rng = np.random.default_rng(1)
    white = rng.standard_normal(15_600).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(augmentation.microphone(white, rng)))
    assert spectrum[:15].mean() < 0.3 * spectrum[1_000:2_000].mean()
    assert spectrum[-100:].mean() < 0.8 * spectrum[1_000:2_000].mean()


def test_an_overload_flattens_peaks_and_keeps_what_is_quiet(waveform: np.ndarray) -> None:
    waveform[5_000:5_010] = 0.9
    clipped = augmentation.overload(waveform, np.random.default_rng(1))
    assert np.abs(clipped).max() < 0.85
    assert np.abs(clipped[:4_000] - waveform[:4_000]).max() < 0.01


@pytest.mark.parametrize("seed", range(12))
def test_a_codec_keeps_length_place_and_pitch(waveform: np.ndarray, seed: int) -> None:
    received = augmentation.transcode(waveform, np.random.default_rng(seed))
    assert received.shape == waveform.shape
    assert received.dtype == np.float32
    assert np.argmax(np.abs(np.fft.rfft(received))) == pytest.approx(975, abs=2)  # 1 kHz
    assert augmentation.level_dbfs(received) == pytest.approx(-23, abs=3)


def test_requantising_leaves_255_values(waveform: np.ndarray) -> None:
    requantised = augmentation.requantise(waveform)
    assert requantised.dtype == np.float32
    assert np.abs(requantised - waveform).max() <= 0.5 / 127 + 1e-6
    assert len(np.unique(requantised)) <= 27


@pytest.mark.parametrize("codec", range(len(augmentation.CODECS)))
def test_a_codec_takes_the_least_quality_there_is(waveform: np.ndarray, codec: int) -> None:
    class Least:
        """Draws the highest of every range: the least quality."""

        def integers(self, count: int) -> int:
            return codec

        def random(self) -> float:
            return 1.0

        def uniform(self, low: float, high: float) -> float:
            return high

    received = augmentation.transcode(waveform, Least())
    assert augmentation.level_dbfs(received) > -40
