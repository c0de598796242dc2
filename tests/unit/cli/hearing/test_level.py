from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earshot.audio.level import level_dbfs, peak_dbfs
from earshot.cli.hearing.level import LevelMeter, snr_band, snr_db


@given(st.lists(st.integers(0, 3_000), max_size=8))
def test_the_level_is_that_of_the_whole_however_it_is_cut(cuts: list[int]) -> None:
    pcm = np.random.default_rng(0).integers(-20_000, 20_000, 3_000, np.int16)
    meter = LevelMeter()
    blocks = np.split(pcm, sorted(cuts))
    passed = list(meter.watch([block for block in blocks if block.size]))
    assert np.array_equal(np.concatenate(passed), pcm)
    assert meter.rms_dbfs == pytest.approx(level_dbfs(pcm), abs=1e-9)
    assert meter.peak_dbfs == peak_dbfs(pcm)


def test_silence_and_nothing_are_at_the_floor() -> None:
    meter = LevelMeter()
    assert (meter.rms_dbfs, meter.peak_dbfs) == (-120.0, -120.0)
    list(meter.watch([np.zeros(1_000, np.int16)]))
    assert (meter.rms_dbfs, meter.peak_dbfs) == (-120.0, -120.0)


def test_a_full_scale_square_is_at_zero() -> None:
    meter = LevelMeter()
    list(meter.watch([np.full(1_000, -32_768, np.int16)]))
    assert (meter.rms_dbfs, meter.peak_dbfs) == (0.0, 0.0)


def test_the_snr_is_loud_patches_against_quiet_ones() -> None:
    levels = np.array([-60.0] * 50 + [-35.0] * 50, np.float32)
    assert snr_db(levels) == pytest.approx(25.0)


def test_silence_counts_as_minus_90() -> None:
    levels = np.array([-120.0] * 5 + [-50.0] * 5, np.float32)
    assert snr_db(levels) == pytest.approx(40.0)


@pytest.mark.parametrize("levels", [[], [-30.0] * 4, [-120.0] * 100, [-90.0] * 100])
def test_there_is_no_snr_of_short_or_silent_sound(levels: list[float]) -> None:
    assert snr_db(np.array(levels, np.float32)) is None


@pytest.mark.parametrize(
    ("estimate_db", "band"),
    [(None, None), (0.0, "low"), (9.9, "low"), (10.0, "medium"), (19.9, "medium"), (20.0, "high")],
)
def test_snr_bands(estimate_db: float | None, band: str | None) -> None:
    assert snr_band(estimate_db) == band
