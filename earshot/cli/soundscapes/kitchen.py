"""A kitchen: a refrigerator hums, dishes clink, and a smoke alarm goes off."""

from __future__ import annotations

import numpy as np

from earshot.cli.soundscapes.soundscape import Occurrence, Soundscape
from earshot.cli.soundscapes.synthesis import (
    Waveform,
    add,
    at_level,
    coloured_noise,
    decaying,
    faded,
    in_room,
    num_samples,
    steady,
    tone,
)

DURATION_S = 28.0
ALARM_ONSET_S = 11.0
ALARM_CYCLES = 3
# The temporal pattern "three" of ISO 8201: three pulses of 0.5 s, each followed by 0.5 s of
# silence, then 1.0 s more.
PULSE_S, CYCLE_S = 0.5, 4.0
ALARM_HZ = 3_100.0  # of a piezo disc in a home detector


def kitchen() -> Soundscape:
    """Returns the same soundscape at each call."""
    rng = np.random.default_rng(8201)
    scene = at_level(coloured_noise(rng, DURATION_S, 4.0), -62)
    scene += at_level(tone(steady(100, DURATION_S), [1, 0.6, 0.4, 0.2]), -66)
    for onset_s in (2.1, 2.6, 4.8, 6.3, 7.0):
        add(scene, at_level(in_room(rng, _dish(rng), 0.3), -38), onset_s)
    pulse = at_level(in_room(rng, _pulse(), 0.4), -18)
    onsets_s = [
        ALARM_ONSET_S + CYCLE_S * c + 2 * PULSE_S * p for c in range(ALARM_CYCLES) for p in range(3)
    ]
    for onset_s in onsets_s:
        add(scene, pulse, onset_s)
    truth = Occurrence("Smoke alarm", ALARM_ONSET_S, onsets_s[-1] + PULSE_S)
    return Soundscape("kitchen-1", scene, (truth,))


def _pulse() -> Waveform:
    return faded(tone(steady(ALARM_HZ, PULSE_S), [1.0, 0.25]), 0.005)


def _dish(rng: np.random.Generator) -> Waveform:
    """Porcelain that is touched: a click, and partials that fit no scale and die away fast."""
    ring = decaying(rng.standard_normal(num_samples(0.3)), 0.004)
    for frequency_hz in rng.uniform(900, 6_500, 14):
        ring += decaying(tone(steady(frequency_hz, 0.3), [0.5]), float(rng.uniform(0.005, 0.03)))
    return ring
