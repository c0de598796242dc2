"""A living room: a plucked melody over held chords."""

from __future__ import annotations

import numpy as np

from earshot.cli.soundscapes.soundscape import Occurrence, Soundscape
from earshot.cli.soundscapes.synthesis import (
    Waveform,
    add,
    at_level,
    coloured_noise,
    faded,
    in_room,
    num_samples,
    plucked,
    steady,
    tone,
)

DURATION_S = 26.0
MUSIC_ONSET_S, BEAT_S, NUM_BEATS = 5.0, 0.4, 40
A4_HZ = 440.0
# Semitones from A4, a chord for eight beats: A minor, F, C, G.
CHORDS = ((-12, -9, -5), (-16, -12, -9), (-9, -5, -2), (-14, -10, -7), (-12, -9, -5))


def living_room() -> Soundscape:
    """Returns the same soundscape at each call."""
    rng = np.random.default_rng(440)
    scene = at_level(coloured_noise(rng, DURATION_S, 3.0), -62)
    music_s = NUM_BEATS * BEAT_S
    music = np.zeros(num_samples(music_s))
    for beat in range(NUM_BEATS):
        chord = CHORDS[beat // 8]
        if beat % 8 == 0:
            add(music, at_level(_held(chord), -26), beat * BEAT_S)
        step = chord[int(rng.integers(len(chord)))] + 12 * int(rng.integers(1, 3))
        add(music, 0.3 * plucked(rng, _hz(step), 1.2), beat * BEAT_S)
    add(scene, at_level(faded(in_room(rng, music, 0.5)[: len(music)], 0.05), -22), MUSIC_ONSET_S)
    truth = Occurrence("Music", MUSIC_ONSET_S, MUSIC_ONSET_S + music_s)
    return Soundscape("living-room-1", scene, (truth,))


def _held(chord: tuple[int, ...]) -> Waveform:
    """A soft organ: the chord's notes for eight beats."""
    pipes = [tone(steady(_hz(step), 8 * BEAT_S), [1, 0.5, 0.3, 0.1]) for step in chord]
    return faded(np.sum(pipes, axis=0), 0.1)


def _hz(semitones: int) -> float:
    """Equal temperament."""
    return float(A4_HZ * 2 ** (semitones / 12))
