from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from earshot.cli.hearing.listener import Listener
from earshot.cli.hearing.pipeline import Pipeline
from earshot.cli.hearing.settings import HearingSettings
from services.capture.session import Session
from services.capture.sources.recording import Recording
from services.classifier.handler import Classifier
from services.features.handler import Features
from tests.integration.cli.sounds import alarm, write

SIZES = (1, 3, 16, 64)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 s in stereo at 44.1 kHz, with noise that comes and goes beside an alarm."""
    rate_hz = 44_100
    swell = np.sin(np.arange(40 * rate_hz) / rate_hz)
    noise = np.random.default_rng(0).normal(0, 0.05, swell.size) * np.maximum(0, swell)
    samples = np.stack([alarm(40.0, rate_hz), noise.astype(np.float32)], axis=1)
    return write(tmp_path_factory.mktemp("cut") / "a.flac", samples, rate_hz)


def heard(
    listener: Listener, settings: HearingSettings, path: Path, patches_per_chunk: int
) -> tuple[bytes, np.ndarray]:
    """The codes and the patch scores of a recording."""
    models = listener.models
    classifier = Classifier(models.predict, settings.window_patches, models.card.embedding_space)
    pipeline = Pipeline(Features(models.embedder), classifier, settings, patches_per_chunk)
    predictions = list(pipeline.predictions(Recording.open(path).pcm(), Session("d", "s", 0)))
    codes = b"".join(prediction.codes.tobytes() for prediction in predictions)
    return codes, np.concatenate([each.patch_scores for each in predictions if len(each.codes)])


@pytest.mark.parametrize("patches_per_chunk", SIZES)
def test_embeddings_are_the_same_byte_for_byte(
    listener: Listener, settings: HearingSettings, recording: Path, patches_per_chunk: int
) -> None:
    codes, scores = heard(listener, settings, recording, 32)
    other_codes, other_scores = heard(listener, settings, recording, patches_per_chunk)
    assert len(codes) == 41 * 128
    assert other_codes == codes
    one_step = np.spacing(np.maximum(scores, other_scores))
    assert np.all(np.abs(other_scores - scores) <= one_step)


@pytest.mark.parametrize("patches_per_chunk", SIZES)
def test_events_are_the_same_to_the_sample(
    listener: Listener, settings: HearingSettings, recording: Path, patches_per_chunk: int
) -> None:
    def said(listener: Listener) -> list[tuple[str, int, int]]:
        events = listener.hear(recording).events
        return [(event.label, event.onset_sample, event.offset_sample) for event in events]

    other = Listener(listener.models, listener.taxonomy, settings, patches_per_chunk)
    assert said(other) == said(listener)
    assert len(said(listener)) >= 1
