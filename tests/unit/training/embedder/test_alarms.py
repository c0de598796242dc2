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


def lengths_s(waveform: np.ndarray) -> tuple[list[float], list[float]]:
    """How long each sound and each pause lasts that both begins and ends in the patch."""
    # The highest sample of 4 ms, two periods of the lowest pitch: a tone has no holes.
    around = np.lib.stride_tricks.sliding_window_view(np.abs(waveform), 64)
    is_on = around.max(axis=1) > 0.3 * np.abs(waveform).max()
    edges = np.flatnonzero(np.diff(is_on)) + 1
    lengths = np.diff(edges) / SAMPLE_RATE_HZ
    is_sound = is_on[edges[:-1]]
    return lengths[is_sound].tolist(), lengths[~is_sound].tolist()


# Source: ISO 8201, temporal three; NFPA 72 and UL 2034, temporal four. Seconds, with the 10 % that
# devices may be off, and the 10 ms of an edge. What is longer than the patch is never whole in it.
@pytest.mark.parametrize(
    ("alarm", "sounds_s", "pauses_s"),
    [
        (alarms.temporal_three, [(0.44, 0.56)], [(0.39, 0.56)]),
        (alarms.temporal_four, [(0.07, 0.13)], [(0.07, 0.13), (0.49, 5.0)]),
    ],
)
def test_sounds_and_pauses_are_as_long_as_their_standard_has_them(
    alarm: Callable[[np.random.Generator], alarms.Alarm],
    sounds_s: list[tuple[float, float]],
    pauses_s: list[tuple[float, float]],
) -> None:
    num_sounds = num_pauses = 0
    for seed in range(100):
        sounds, pauses = lengths_s(alarm(np.random.default_rng(seed))[0])
        for length_s in sounds:
            assert any(least <= length_s <= most for least, most in sounds_s), (seed, length_s)
        for length_s in pauses:
            assert any(least <= length_s <= most for least, most in pauses_s), (seed, length_s)
        num_sounds, num_pauses = num_sounds + len(sounds), num_pauses + len(pauses)
    assert num_sounds > 10
    assert num_pauses > 10


def test_temporal_four_has_four_sounds_and_then_a_pause() -> None:
    most = 0
    for seed in range(200):
        sounds, pauses = lengths_s(alarms.temporal_four(np.random.default_rng(seed))[0])
        if not any(length_s > 0.45 for length_s in pauses):
            most = max(most, len(sounds))
    assert most == 4


def test_one_seed_gives_one_alarm() -> None:
    first, second = (alarms.random_alarm(np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    assert first[1] == second[1]
