"""A street: cars pass, and a siren comes by."""

from __future__ import annotations

import numpy as np

from earshot.cli.soundscapes.soundscape import SAMPLE_RATE_HZ, Occurrence, Soundscape
from earshot.cli.soundscapes.synthesis import (
    Waveform,
    add,
    at_level,
    coloured_noise,
    faded,
    in_room,
    num_samples,
    tone,
)

DURATION_S = 28.0
SIREN_ONSET_S = 9.0
YELP_S, WAIL_S = 5.0, 8.0


def street() -> Soundscape:
    """Returns the same soundscape at each call."""
    rng = np.random.default_rng(112)
    scene = at_level(coloured_noise(rng, DURATION_S, 5.0), -48)
    for onset_s in (0.5, 4.5, 23.5):
        add(scene, at_level(_car(rng), -34), onset_s)
    siren = in_room(rng, _siren(), 0.8)[: num_samples(YELP_S + WAIL_S)]
    add(scene, at_level(faded(siren, 0.1), -20), SIREN_ONSET_S)
    truth = Occurrence("Siren", SIREN_ONSET_S, SIREN_ONSET_S + YELP_S + WAIL_S)
    return Soundscape("street-1", scene, (truth,))


def _siren() -> Waveform:
    """Fast swings and then slow ones: the driver switches when the crossing is behind."""
    frequency_hz = np.concatenate(
        [_swing_hz(700, 1_600, 0.35, YELP_S), _swing_hz(500, 1_000, 4.0, WAIL_S)]
    )
    return tone(frequency_hz, [1.0, 0.3, 0.6, 0.2, 0.3, 0.1])


def _swing_hz(lowest_hz: float, highest_hz: float, period_s: float, duration_s: float) -> Waveform:
    """Returns a frequency that rises for 70 % of a period and falls back, evenly in octaves."""
    times_s = np.arange(num_samples(duration_s)) / SAMPLE_RATE_HZ
    progress = times_s / period_s % 1.0
    swing: Waveform = np.minimum(progress / 0.7, (1.0 - progress) / 0.3)
    return lowest_hz * (highest_hz / lowest_hz) ** swing


def _car(rng: np.random.Generator) -> Waveform:
    """Tyres and engine, nearer and farther in five seconds."""
    times_s = np.arange(num_samples(5.0)) / SAMPLE_RATE_HZ
    nearness = 1 / (1 + ((times_s - 2.5) / 1.2) ** 2)
    engine_hz = 85.0 + 8.0 * np.tanh(2.5 - times_s)
    engine = tone(engine_hz, [1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1])
    tyres = coloured_noise(rng, 5.0, 3.0)
    return faded(nearness * (at_level(engine, -6) + at_level(tyres, 0)), 0.2)
