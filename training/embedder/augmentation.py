"""What microphones and converters do to a sound, in the waveform: float32 in [-1, 1], 16 kHz."""

from __future__ import annotations

import io

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from earshot.audio.params import SAMPLE_RATE_HZ

TELEPHONE_RATE_HZ = 8_000
# (container, coding): what cameras, telephones and streams send.
CODECS = (
    ("WAV", "ULAW"),
    ("WAV", "IMA_ADPCM"),
    ("WAV", "GSM610"),
    ("OGG", "VORBIS"),
    ("MP3", "MPEG_LAYER_III"),
)


def gain(decibels: float) -> np.float32:
    """Returns the factor of a gain in dB."""
    return np.float32(10 ** (decibels / 20))


def level_dbfs(waveform: NDArray[np.float32]) -> float:
    """Returns the RMS level; -120 for silence."""
    return float(20 * np.log10(np.sqrt(np.mean(np.square(waveform))) + 1e-6))


def at_level(waveform: NDArray[np.float32], target_dbfs: float) -> NDArray[np.float32]:
    """Returns the waveform scaled to an RMS level, amplified by 40 dB at most."""
    return waveform * gain(min(40.0, target_dbfs - level_dbfs(waveform)))


def noise(num_samples: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Returns noise of unit RMS, its spectrum falling by 0 (white) to 6 dB an octave (brown)."""
    spectrum = np.fft.rfft(rng.standard_normal(num_samples))
    bins = np.maximum(np.arange(len(spectrum)), 20)  # flat below 20 Hz
    spectrum *= bins ** -rng.uniform(0.0, 1.0)
    waveform = np.fft.irfft(spectrum, num_samples)
    return (waveform / np.sqrt(np.mean(np.square(waveform)))).astype(np.float32)


def microphone(waveform: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Colours the sound as a cheap microphone: no lows, no highs, a bump of up to 8 dB between.

    Passes 40-400 Hz to 3-7.5 kHz, two poles below and four above: slopes, not cliffs.
    """
    spectrum = np.fft.rfft(waveform)
    frequencies_hz = np.maximum(np.fft.rfftfreq(len(waveform), 1 / SAMPLE_RATE_HZ), 1)
    lowest_hz, highest_hz = rng.uniform(40, 400), rng.uniform(3_000, 7_500)
    response = 1 / np.sqrt(1 + (lowest_hz / frequencies_hz) ** 4)
    response /= np.sqrt(1 + (frequencies_hz / highest_hz) ** 8)
    octaves = np.log2(frequencies_hz / rng.uniform(800, 5_000)) / rng.uniform(0.3, 1.5)
    response *= 10 ** (rng.uniform(-8, 8) / 20 * np.exp(-0.5 * octaves**2))
    return np.fft.irfft(spectrum * response, len(waveform)).astype(np.float32)


def overload(waveform: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Clips the peaks softly, by up to 12 dB, as an amplifier that is driven too far."""
    ceiling = np.abs(waveform).max() * gain(-rng.uniform(1, 12)) + np.float32(1e-6)
    return ceiling * np.tanh(waveform / ceiling)


def requantise(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rounds to 8 bits, as one of the data sets was: its marks must not become a clue."""
    return (np.round(waveform * np.float32(127)) / np.float32(127)).astype(np.float32)


def transcode(waveform: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Returns what is left of the sound after one of `CODECS`, some of them at 8 kHz."""
    container, coding = CODECS[int(rng.integers(len(CODECS)))]
    is_narrow = coding == "GSM610" or rng.random() < 0.25
    rate_hz = TELEPHONE_RATE_HZ if is_narrow else SAMPLE_RATE_HZ
    sent = soxr.resample(waveform, SAMPLE_RATE_HZ, rate_hz) if is_narrow else waveform
    # libsndfile's scale: 0 is the best quality, 1 the smallest file.
    # At 1 it refuses MP3.
    level = min(float(rng.uniform(0.3, 1.0)), 0.9999)
    options = {"compression_level": level} if container != "WAV" else {}
    file = io.BytesIO()
    soundfile.write(file, np.clip(sent, -1, 1), rate_hz, coding, format=container, **options)
    file.seek(0)
    received, _ = soundfile.read(file, dtype="float32")
    if is_narrow:
        received = soxr.resample(received, rate_hz, SAMPLE_RATE_HZ)
    kept = np.zeros_like(waveform)  # codecs pad the end to whole blocks
    kept[: min(len(received), len(kept))] = received[: len(kept)]
    return kept
