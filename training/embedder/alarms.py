"""Synthesised alarms and sirens: recordings of them are few, and they matter most.

Each function draws its own parameters and returns a waveform of `PATCH_SAMPLES` at full scale,
with the AudioSet classes it stands for. Patterns: temporal three (smoke, ISO 8201: three times
0.5 s on, 0.5 s off, then 1.5 s pause), temporal four (carbon monoxide, NFPA 720: four times 0.1 s
on, 0.1 s off, then 5 s pause), wail, yelp and two-tone of emergency vehicles. Beeps, buzzers and
horns follow no standard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_SAMPLES, SAMPLE_RATE_HZ

Waveform: TypeAlias = NDArray[np.float32]
Alarm: TypeAlias = tuple[Waveform, tuple[str, ...]]

SMOKE = ("Smoke detector, smoke alarm", "Alarm", "Beep, bleep")
SIREN = ("Siren", "Emergency vehicle")


def _times_s() -> NDArray[np.float64]:
    return np.arange(PATCH_SAMPLES) / SAMPLE_RATE_HZ


def _tone(
    frequencies_hz: NDArray[np.float64] | float, rng: np.random.Generator, max_harmonics: int = 6
) -> NDArray[np.float64]:
    """Returns a tone whose harmonics fall off by a random power, none above 7.8 kHz."""
    frequencies_hz = np.broadcast_to(np.asarray(frequencies_hz, np.float64), (PATCH_SAMPLES,))
    phase = 2 * np.pi * np.cumsum(frequencies_hz) / SAMPLE_RATE_HZ + rng.uniform(0, 2 * np.pi)
    slope = rng.uniform(0.7, 3.0)
    step = int(rng.integers(1, 3))  # 2: odd harmonics only, as of a square wave
    waveform = np.zeros(PATCH_SAMPLES)
    for harmonic in range(1, max_harmonics * step + 1, step):
        audible = harmonic * frequencies_hz < 7_800
        waveform += audible * np.sin(harmonic * phase) / harmonic**slope
    return waveform / np.abs(waveform).max()


def _gate(pattern_s: list[tuple[float, float]], rng: np.random.Generator) -> NDArray[np.float64]:
    """Returns an on-off envelope: (on, off) seconds in a loop, a random cut with sound in it."""
    edges_s = np.cumsum([length_s for pair in pattern_s for length_s in pair])
    cuts = []
    for start_s in (*rng.uniform(0, edges_s[-1], 8), 0.0):
        places_s = (_times_s() + start_s) % edges_s[-1]
        cuts.append(np.searchsorted(edges_s, places_s, side="right") % 2 == 0)
    # Half of the time the fullest cut, else any that is not mere pause. The last one begins with
    # a sound, so there is always one to take.
    fullest = max(cuts, key=np.mean)
    sounding = [cut for cut in cuts[:-1] if cut.mean() > 0.15]
    chosen = fullest if rng.random() < 0.5 or not sounding else sounding[0]
    width = int(rng.uniform(0.001, 0.01) * SAMPLE_RATE_HZ) + 1
    return np.convolve(chosen, np.full(width, 1 / width), mode="same")


def temporal_three(rng: np.random.Generator) -> Alarm:
    """A smoke alarm: piezo at 2.9 to 3.4 kHz, or the 520 Hz of sleeping rooms."""
    on_s, off_s = rng.uniform(0.45, 0.55), rng.uniform(0.4, 0.55)
    pattern_s = [(on_s, off_s), (on_s, off_s), (on_s, rng.uniform(1.0, 1.6))]
    low = rng.random() < 0.3
    pitch_hz = rng.uniform(505, 535) if low else rng.uniform(2_850, 3_450)
    return (_tone(pitch_hz, rng) * _gate(pattern_s, rng)).astype(np.float32), SMOKE


def temporal_four(rng: np.random.Generator) -> Alarm:
    """A carbon monoxide alarm: four short beeps, then a long pause."""
    on_s, off_s = rng.uniform(0.08, 0.12), rng.uniform(0.08, 0.12)
    pattern_s = [(on_s, off_s)] * 3 + [(on_s, rng.uniform(0.5, 5.0))]
    pitch_hz = rng.uniform(505, 535) if rng.random() < 0.2 else rng.uniform(2_850, 3_450)
    return (_tone(pitch_hz, rng) * _gate(pattern_s, rng)).astype(np.float32), SMOKE


def wail_or_yelp(rng: np.random.Generator) -> Alarm:
    """A rising and falling siren: slow is called wail, fast yelp."""
    period_s = rng.uniform(2.5, 6.0) if rng.random() < 0.5 else rng.uniform(0.2, 0.5)
    lowest_hz, highest_hz = rng.uniform(450, 800), rng.uniform(1_000, 1_700)
    place = (_times_s() / period_s + rng.random()) % 1
    peak = rng.uniform(0.3, 0.7)
    rise = np.where(place < peak, place / peak, (1 - place) / (1 - peak))
    pitches_hz = lowest_hz * (highest_hz / lowest_hz) ** rise
    return _tone(pitches_hz, rng).astype(np.float32), (*SIREN, "Police car (siren)")


def two_tone(rng: np.random.Generator) -> Alarm:
    """The hi-lo siren of European ambulances and fire engines."""
    half_s = rng.uniform(0.3, 0.8)
    lower_hz = rng.uniform(380, 700)
    upper_hz = lower_hz * rng.uniform(1.2, 1.5)
    high = ((_times_s() / half_s + rng.uniform(0, 2)) % 2) < 1
    waveform = _tone(np.where(high, upper_hz, lower_hz), rng)
    return waveform.astype(np.float32), (
        *SIREN,
        "Ambulance (siren)",
        "Fire engine, fire truck (siren)",
    )


def beeps(rng: np.random.Generator) -> Alarm:
    """Beeps of appliances and clocks."""
    pattern_s = [(rng.uniform(0.04, 0.3), rng.uniform(0.04, 0.6))]
    waveform = _tone(rng.uniform(700, 2_600), rng, max_harmonics=3) * _gate(pattern_s, rng)
    return waveform.astype(np.float32), ("Beep, bleep",)


def buzzer(rng: np.random.Generator) -> Alarm:
    """A rough, low, steady tone."""
    waveform = _tone(rng.uniform(80, 420), rng, max_harmonics=16)
    rate_hz = rng.uniform(20, 120)
    waveform *= 1 - rng.uniform(0, 0.8) * (np.sin(2 * np.pi * rate_hz * _times_s()) > 0)
    pattern_s = [(rng.uniform(0.3, 2.0), rng.uniform(0.1, 0.8))]
    return (waveform * _gate(pattern_s, rng)).astype(np.float32), ("Buzzer", "Alarm")


def horn(rng: np.random.Generator) -> Alarm:
    """A car's or a truck's horn: two reeds a third apart, held or pressed a few times."""
    is_truck = rng.random() < 0.4
    lower_hz = rng.uniform(130, 260) if is_truck else rng.uniform(330, 440)
    upper_hz = lower_hz * rng.uniform(1.18, 1.28)
    waveform = _tone(lower_hz, rng, max_harmonics=18) + _tone(upper_hz, rng, max_harmonics=18)
    pattern_s = [(rng.uniform(0.2, 3.0), rng.uniform(0.1, 1.0))]
    names = ("Air horn, truck horn",) if is_truck else ("Vehicle horn, car horn, honking",)
    waveform *= _gate(pattern_s, rng) / np.abs(waveform).max()
    return waveform.astype(np.float32), names


ALARMS: tuple[Callable[[np.random.Generator], Alarm], ...] = (
    temporal_three,
    temporal_three,
    temporal_four,
    wail_or_yelp,
    two_tone,
    beeps,
    buzzer,
    horn,
)


def random_alarm(rng: np.random.Generator) -> Alarm:
    """Returns one of `ALARMS`."""
    return ALARMS[int(rng.integers(len(ALARMS)))](rng)
