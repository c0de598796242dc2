from __future__ import annotations

import numpy as np
import pytest

from earshot.audio.level import is_clipped, level_dbfs, patch_levels_dbfs, peak_dbfs


def sine(amplitude: int, num_samples: int = 16_000) -> np.ndarray:
    phase = 2 * np.pi * 1_000 * np.arange(num_samples) / 16_000
    return np.rint(amplitude * np.sin(phase)).astype(np.int16)


def test_a_full_scale_sine_is_3_db_below_its_peak() -> None:
    pcm = sine(32_767)
    assert level_dbfs(pcm) == pytest.approx(-3.01, abs=0.01)
    assert peak_dbfs(pcm) == pytest.approx(0, abs=0.001)


def test_half_the_amplitude_is_6_db_less() -> None:
    assert level_dbfs(sine(16_000)) - level_dbfs(sine(8_000)) == pytest.approx(6.02, abs=0.01)
    assert peak_dbfs(np.array([16_384], np.int16)) == pytest.approx(-6.02, abs=0.01)


def test_the_lowest_sample_is_full_scale() -> None:
    pcm = np.full(100, -32_768, np.int16)
    assert (level_dbfs(pcm), peak_dbfs(pcm)) == (0, 0)


@pytest.mark.parametrize("num_samples", [0, 1, 15_600])
def test_silence_and_nothing_are_at_the_floor(num_samples: int) -> None:
    pcm = np.zeros(num_samples, np.int16)
    assert (level_dbfs(pcm), peak_dbfs(pcm)) == (-120, -120)


def test_the_faintest_sound_is_not_below_the_floor() -> None:
    pcm = np.zeros(16_000, np.int16)
    pcm[0] = 1
    assert level_dbfs(pcm) == -120
    assert peak_dbfs(pcm) == pytest.approx(-90.3, abs=0.01)


@pytest.mark.parametrize(
    ("samples", "clipped"),
    [([], False), ([0, 32_766], False), ([32_767], True), ([-32_768], True), ([-32_767], True)],
)
def test_clipped_means_a_sample_at_full_scale(samples: list[int], clipped: bool) -> None:
    assert is_clipped(np.array(samples, np.int16)) is clipped


def test_patch_levels_are_the_levels_of_the_patches() -> None:
    pcm = np.random.default_rng(0).integers(-32_768, 32_768, 70_000, np.int16)
    pcm[20_000:40_000] = 0
    levels = patch_levels_dbfs(pcm)
    assert levels.dtype == np.float32
    expected = [level_dbfs(pcm[i * 15_360 :][:15_600]) for i in range(4)]
    assert levels.tolist() == np.array(expected, np.float32).tolist()


def test_a_patch_has_the_same_level_in_any_chunk() -> None:
    pcm = np.random.default_rng(1).integers(-32_768, 32_768, 62_000, np.int16)
    assert patch_levels_dbfs(pcm)[2] == patch_levels_dbfs(pcm[2 * 15_360 :][:15_600])[0]


def test_less_than_a_patch_has_no_levels() -> None:
    assert patch_levels_dbfs(np.zeros(15_599, np.int16)).shape == (0,)
