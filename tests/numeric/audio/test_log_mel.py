"""The front end against its definition in float64, and against published golden values.

Golden values: `data/vggish_golden.json`, which names its source. The definition below follows
tensorflow/models, research/audioset/vggish/mel_features.py, line by line and not ours.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from earshot.audio.mel import log_mel, mel_weights, patches

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "vggish_golden.json").read_text())
TOLERANCE = 1e-3


def mel_weights_float64() -> np.ndarray:
    def mel(hz: np.ndarray) -> np.ndarray:
        return 1127.0 * np.log(1.0 + hz / 700.0)

    bins_mel = mel(np.linspace(0.0, 8_000.0, 257))
    edges_mel = np.linspace(mel(np.float64(125.0)), mel(np.float64(7_500.0)), 66)
    weights = np.empty((257, 64))
    for band in range(64):
        lower, centre, upper = edges_mel[band : band + 3]
        rising = (bins_mel - lower) / (centre - lower)
        falling = (upper - bins_mel) / (upper - centre)
        weights[:, band] = np.maximum(0.0, np.minimum(rising, falling))
    weights[0, :] = 0.0
    return weights


def log_mel_float64(waveform: np.ndarray) -> np.ndarray:
    n = np.arange(400)
    window = 0.5 - 0.5 * np.cos(2 * np.pi / 400 * n)
    starts = range(0, len(waveform) - 399, 160)
    frames = np.array([waveform[start : start + 400] for start in starts]) * window
    return np.log(np.abs(np.fft.rfft(frames, 512)) @ mel_weights_float64() + 0.01)


def kilohertz() -> np.ndarray:
    return np.sin(2 * np.pi * 1_000 * np.arange(0, 3, 1 / 16_000))


def sounds() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    t = np.arange(48_000) / 16_000
    return {
        "loud noise": rng.uniform(-1, 1, 48_000),
        "faint noise": rng.normal(0, 1e-4, 48_000),
        "1 kHz": kilohertz(),
        "sweep": 0.5 * np.sin(2 * np.pi * (50 + 1_250 * t) * t),
        "click": np.eye(1, 48_000, 20_000)[0],
        "square": np.sign(np.sin(2 * np.pi * 440 * t)),
        "offset": 0.5 + 0.01 * np.sin(2 * np.pi * 3_000 * t),
        "silence": np.zeros(48_000),
    }


def test_weights_are_those_of_the_definition() -> None:
    weights = mel_weights()
    assert np.abs(weights - mel_weights_float64()).max() < 1e-7
    assert np.count_nonzero(weights) == 461
    assert weights.astype(np.float64).sum() == pytest.approx(230.9135991608477, abs=1e-4)
    bins_per_band = np.count_nonzero(weights, axis=0)
    assert (bins_per_band.min(), bins_per_band.max()) == (1, 17)


@pytest.mark.parametrize("name", sounds())
def test_log_mel_is_that_of_the_definition(name: str) -> None:
    waveform = sounds()[name].astype(np.float32)
    expected = log_mel_float64(waveform.astype(np.float64))
    assert np.abs(log_mel(waveform) - expected).max() < TOLERANCE


@pytest.mark.parametrize("name", sounds())
def test_patches_of_int16_are_those_of_the_definition(name: str) -> None:
    pcm = np.clip(np.rint(sounds()[name] * 32_768), -32_768, 32_767).astype(np.int16)
    expected = log_mel_float64(pcm / 32_768)[: 3 * 96].reshape(3, 96, 64)
    assert np.abs(patches(pcm) - expected).max() < TOLERANCE


def test_every_frame_of_the_golden_signal_is_the_golden_row() -> None:
    bands = log_mel(kilohertz().astype(np.float32))
    assert bands.shape == (298, 64)
    assert np.abs(bands - np.array(GOLDEN["log_mel_frame"])).max() < TOLERANCE


def test_patches_of_the_golden_signal_have_its_statistics() -> None:
    examples = patches(kilohertz().astype(np.float32))
    assert examples.shape == (3, 96, 64)
    assert examples.argmax(axis=2).tolist() == [[19] * 96] * 3
    assert float(examples.max()) == pytest.approx(4.811117725147905, abs=TOLERANCE)
    assert float(examples.min()) == pytest.approx(-4.6011630521955444, abs=TOLERANCE)
    assert float(examples.mean()) == pytest.approx(-3.4296186961398294, abs=TOLERANCE)
    assert float(examples.std()) == pytest.approx(2.126577335759412, abs=TOLERANCE)


def test_noise_has_its_published_statistics() -> None:
    waveform = np.random.RandomState(0).uniform(-1, 1, 16_000).astype(np.float32)
    bands = log_mel(waveform)
    assert bands.shape == (98, 64)
    assert float(bands.mean()) == pytest.approx(2.8420535800921445, abs=1e-5)
    assert float(bands.std()) == pytest.approx(0.7923091058591875, abs=1e-5)
