"""Synthesised alarms: loud, finite, bounded, and where their standards put them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from earshot.audio.params import PATCH_SAMPLES, SAMPLE_RATE_HZ
from training.embedder import alarms

LABELS = Path(__file__).parents[4] / "models" / "earshot-default" / "1" / "assets" / "labels.csv"
EVERY_ALARM = tuple(dict.fromkeys(alarms.ALARMS))


@pytest.mark.parametrize("alarm", EVERY_ALARM)
@pytest.mark.parametrize("seed", range(10))
def test_an_alarm_is_a_patch_of_sound(
    alarm: Callable[[np.random.Generator], alarms.Alarm], seed: int
) -> None:
    waveform, _ = alarm(np.random.default_rng(seed))
    assert waveform.shape == (PATCH_SAMPLES,)
    assert waveform.dtype == np.float32
    assert 0.1 < np.abs(waveform).max() <= 1.0


@pytest.mark.parametrize("alarm", EVERY_ALARM)
def test_an_alarm_bears_names_of_audioset(
    alarm: Callable[[np.random.Generator], alarms.Alarm],
) -> None:
    with LABELS.open(newline="", encoding="utf-8") as file:
        names = {row["display_name"] for row in csv.DictReader(file)}
    assert set(alarm(np.random.default_rng(0))[1]) <= names


@pytest.mark.parametrize("seed", range(20))
def test_a_smoke_alarm_sounds_at_its_standard_pitches(seed: int) -> None:
    waveform, names = alarms.temporal_three(np.random.default_rng(seed))
    spectrum = np.abs(np.fft.rfft(waveform))
    peak_hz = np.argmax(spectrum) * SAMPLE_RATE_HZ / PATCH_SAMPLES
    assert 500 <= peak_hz <= 540 or 2_800 <= peak_hz <= 3_500
    assert "Smoke detector, smoke alarm" in names


def test_one_seed_gives_one_alarm() -> None:
    first, second = (alarms.random_alarm(np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    assert first[1] == second[1]
