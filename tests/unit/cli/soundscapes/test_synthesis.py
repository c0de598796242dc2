from __future__ import annotations

import numpy as np
import pytest

from earshot.cli.soundscapes import synthesis
from earshot.cli.soundscapes.soundscape import SAMPLE_RATE_HZ
from earshot.cli.soundscapes.synthesis import Waveform


def _peak_hz(waveform: Waveform) -> float:
    return float(np.abs(np.fft.rfft(waveform)).argmax() * SAMPLE_RATE_HZ / len(waveform))


def test_a_waveform_has_the_level_it_is_given() -> None:
    waveform = synthesis.at_level(np.random.default_rng(1).standard_normal(16_000), -20)
    assert np.sqrt(np.mean(waveform**2)) == pytest.approx(0.1)


def test_a_tone_has_its_frequency_and_nothing_folds_back() -> None:
    low = synthesis.tone(synthesis.steady(440, 1.0), [1.0, 0.5])
    high = synthesis.tone(synthesis.steady(5_000, 1.0), [1.0, 0.9])
    assert _peak_hz(low) == 440
    spectrum = np.abs(np.fft.rfft(high))
    assert spectrum[6_000] < 1e-6 * spectrum[5_000]  # where 10 kHz would fold to


def test_a_plucked_string_sounds_near_its_pitch_and_dies_away() -> None:
    string = synthesis.plucked(np.random.default_rng(2), 220, 2.0)
    assert len(string) == 2 * SAMPLE_RATE_HZ
    assert _peak_hz(string) % 220 == pytest.approx(0, abs=3) or _peak_hz(string) % 220 > 217
    assert np.abs(string[-4_000:]).mean() < 0.5 * np.abs(string[:4_000]).mean()


def test_noise_falls_by_its_slope() -> None:
    noise = synthesis.coloured_noise(np.random.default_rng(3), 20.0, 6.0)
    power = np.abs(np.fft.rfft(noise)) ** 2
    bands = [power[20 * hz : 40 * hz].mean() for hz in (500, 1_000, 2_000)]
    for louder, softer in zip(bands, bands[1:], strict=False):
        assert 10 * np.log10(louder / softer) == pytest.approx(6, abs=0.5)


def test_what_goes_beyond_the_end_is_left_out() -> None:
    scene = np.zeros(SAMPLE_RATE_HZ)
    synthesis.add(scene, np.ones(SAMPLE_RATE_HZ), onset_s=0.75)
    assert scene.sum() == SAMPLE_RATE_HZ // 4


def test_fades_begin_and_end_in_silence() -> None:
    faded = synthesis.faded(np.ones(1_600), 0.01)
    assert faded[0] == faded[-1] == 0
    assert faded[800] == 1
