"""A smoke alarm made of tones, through the real network and model: predictions that are its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earshot.audio.framing import chunk_samples
from earshot.contracts.messages import AudioChunk, Flags, Header, Prediction
from earshot.embedding.embedder import Embedder
from earshot.serving.client import ServingClient
from services.classifier.handler import Classifier
from services.classifier.serving_predict import serving_predict
from services.features.handler import Features
from tests.browser.sounds import MODEL, SESSION

MODELS = Path(__file__).parents[2] / "models"
RATE_HZ, HOP, NS_PER_SAMPLE = 16_000, 15_360, 62_500
PATCHES_PER_CHUNK, WINDOW_PATCHES = 5, 10
TONE_HZ = 3100  # of most smoke alarms
GAP_CHUNK, GAP_PATCHES = 5, 5  # before which chunk sound is lost, and how much


def alarm_predictions(client: ServingClient, device: str, begin_at_ns: int) -> list[Prediction]:
    """What the classifier says of quiet, twelve seconds of alarm, a gap and quiet again.

    Args:
        client: Of the model server.
        device: Who hears it.
        begin_at_ns: When; UTC nanoseconds.
    """
    embedder = Embedder.load(MODELS / "vggish-compact" / "1")
    classify = Classifier(
        serving_predict(client, MODEL.partition("@")[0]), WINDOW_PATCHES, embedder.embedding_space
    )
    embeddings = Features(embedder)(_chunks(_sound(), device, begin_at_ns))
    codes = np.concatenate([each.codes for each in embeddings])
    predictions = []
    for number, each in enumerate(embeddings):
        end = number * PATCHES_PER_CHUNK
        begin = max(0, end - WINDOW_PATCHES + 1, _unbroken_from(number))
        predictions += classify([replace(each, context=codes[begin:end])])
    return predictions


def _unbroken_from(number: int) -> int:
    """Windows start empty after a gap."""
    return GAP_CHUNK * PATCHES_PER_CHUNK if number >= GAP_CHUNK else 0


def _sound() -> NDArray[np.int16]:
    """Three beeps of half a second and a pause of 1.5 s, again and again (ISO 8201)."""
    second = np.arange(12 * RATE_HZ) / RATE_HZ % 4
    is_on = (second < 2.5) & (second % 1 < 0.5)
    beeps = 0.3 * np.sign(np.sin(2 * np.pi * TONE_HZ * second)) * is_on
    quiet = np.zeros(8 * RATE_HZ)
    sound = np.concatenate([quiet, beeps, quiet, quiet])
    noise = 0.003 * np.random.default_rng(1).standard_normal(len(sound))
    return (32767 * (sound + noise)).astype(np.int16)


def _chunks(pcm: NDArray[np.int16], device: str, begin_at_ns: int) -> list[AudioChunk]:
    size, step = chunk_samples(PATCHES_PER_CHUNK), PATCHES_PER_CHUNK * HOP
    chunks = []
    for number, start in enumerate(range(0, len(pcm) - size, step)):
        is_after, is_first = number >= GAP_CHUNK, number == GAP_CHUNK
        first_sample = start + (GAP_PATCHES * HOP if is_after else 0)
        header = Header(
            device,
            SESSION,
            number,
            first_sample,
            begin_at_ns + first_sample * NS_PER_SAMPLE,
            Flags.GAP if is_first else Flags.NONE,
            gap_before_samples=GAP_PATCHES * HOP if is_first else 0,
            gap_reason="overflow" if is_first else "",
        )
        chunks.append(AudioChunk(header, pcm[start : start + size]))
    return chunks
