from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earshot.audio.errors import NotFinite, UnsupportedRate
from earshot.audio.resample import Resampler, mono, to_int16, to_pcm

RATES_HZ = [8_000, 11_025, 16_001, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000]


def noise(num_samples: int, seed: int = 0) -> np.ndarray:
    waveform = np.random.default_rng(seed).uniform(-0.5, 0.5, num_samples)
    return waveform.astype(np.float32)


def tone(frequency_hz: float, rate_hz: int, duration_s: float = 1.0) -> np.ndarray:
    t = np.arange(int(duration_s * rate_hz)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * frequency_hz * t)).astype(np.float32)


def resampled(waveform: np.ndarray, rate_hz: int) -> np.ndarray:
    resampler = Resampler(rate_hz)
    return np.concatenate([resampler.accept(waveform), resampler.flush()])


@pytest.mark.parametrize("rate_hz", [0, 1, 7_999, 192_001, 384_000])
def test_a_rate_out_of_range_is_refused(rate_hz: int) -> None:
    with pytest.raises(UnsupportedRate, match=f"{rate_hz} Hz; allowed are 8000 to 192000 Hz"):
        Resampler(rate_hz)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_tone_keeps_its_frequency_level_and_length(rate_hz: int) -> None:
    out = resampled(tone(1_000, rate_hz), rate_hz)
    assert out.dtype == np.float32
    assert abs(out.size - 16_000) <= 1
    middle, expected = out[2_000:14_000], tone(1_000, 16_000)[2_000:14_000]
    assert np.abs(middle - expected).max() < 1e-3


def test_what_16_khz_cannot_hold_is_filtered_out() -> None:
    out = resampled(tone(12_000, 48_000), 48_000)
    assert np.abs(out[2_000:14_000]).max() < 1e-4


def test_16_khz_passes_untouched() -> None:
    waveform = noise(1_000)
    assert resampled(waveform, 16_000).tobytes() == waveform.tobytes()


@settings(max_examples=60, deadline=None)
@given(
    rate_hz=st.sampled_from(RATES_HZ) | st.integers(8_000, 192_000),
    num_samples=st.integers(0, 60_000),
    cuts=st.lists(st.integers(0, 60_000), max_size=10),
)
def test_a_stream_gives_the_samples_of_the_whole_for_any_chunking(
    rate_hz: int, num_samples: int, cuts: list[int]
) -> None:
    waveform = noise(num_samples, seed=rate_hz)
    resampler = Resampler(rate_hz)
    pieces = [resampler.accept(block) for block in np.split(waveform, sorted(cuts))]
    streamed = np.concatenate([*pieces, resampler.flush()])
    assert streamed.tobytes() == resampled(waveform, rate_hz).tobytes()


@pytest.mark.parametrize("num_channels", [1, 2, 6])
def test_mono_is_the_mean_over_channels(num_channels: int) -> None:
    samples = noise(300 * num_channels).reshape(300, num_channels)
    mixed = mono(samples)
    assert mixed.dtype == np.float32
    assert np.allclose(mixed, samples.astype(np.float64).mean(axis=1), atol=1e-7)


def test_equal_channels_mix_to_themselves() -> None:
    channel = np.arange(-32_768, 32_768).astype(np.float32) / np.float32(32_768)
    for num_channels in (1, 2, 3, 6):
        assert np.array_equal(mono(np.stack([channel] * num_channels, axis=1)), channel)


def test_opposite_channels_cancel() -> None:
    channel = noise(100)
    assert not mono(np.stack([channel, -channel], axis=1)).any()


def test_every_int16_value_comes_back() -> None:
    pcm = np.arange(-32_768, 32_768).astype(np.int16)
    assert np.array_equal(to_int16(pcm.astype(np.float32) / np.float32(32_768)), pcm)


def test_samples_are_rounded_half_to_even_and_clipped() -> None:
    steps = np.array([0.4, 0.5, 0.6, 1.5, -0.5, -1.5, 32_767.4, 32_768, 1e9, -32_769, -1e9])
    pcm = to_int16((steps / 32_768).astype(np.float32))
    assert pcm.dtype == np.int16
    assert pcm.tolist() == [0, 0, 1, 2, 0, -2, 32_767, 32_767, 32_767, -32_768, -32_768]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_refused(value: float) -> None:
    with pytest.raises(NotFinite):
        to_int16(np.array([0, value], np.float32))


def test_pcm_is_what_resampling_and_rounding_give() -> None:
    waveform = noise(44_100)
    blocks = list(to_pcm(np.split(waveform, [1, 5, 30_000]), 44_100))
    assert np.array_equal(np.concatenate(blocks), to_int16(resampled(waveform, 44_100)))
    assert all(block.size for block in blocks)
