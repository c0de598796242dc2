"""Rooms: the direct sound stays first, a tail follows and dies, its highs before its lows."""

from __future__ import annotations

import numpy as np
import pytest

from training.embedder.rooms import impulse_response, reverberate


@pytest.mark.parametrize("seed", range(5))
def test_a_room_answers_after_the_direct_sound_and_dies_away(seed: int) -> None:
    response = impulse_response(np.random.default_rng(seed))
    assert response[0] == 1.0
    energy = np.square(response[1:])
    assert energy.sum() <= 10 ** (3 / 10) + 1e-6  # at most 3 dB above the direct sound
    assert energy[-1_000:].sum() < 0.02 * energy[:4_000].sum()


def test_highs_die_before_lows() -> None:
    early_share, late_share = [], []
    for seed in range(20):
        response = impulse_response(np.random.default_rng(seed))
        for part, shares in ((response[800:2_400], early_share), (response[4_000:], late_share)):
            power = np.square(np.abs(np.fft.rfft(part)))
            shares.append(power[len(power) // 2 :].sum() / power.sum())
    assert np.mean(late_share) < np.mean(early_share)


def test_a_click_is_heard_when_it_happened_and_then_its_echo() -> None:
    click = np.zeros(15_600, np.float32)
    click[1_000] = 0.5
    wet = reverberate(click, np.random.default_rng(1))
    assert wet.shape == click.shape
    assert wet.dtype == np.float32
    assert np.abs(wet[:999]).max() < 1e-5
    assert wet[1_000] == pytest.approx(0.5, abs=1e-4)
    assert np.abs(wet[1_001:6_000]).max() > 1e-3
