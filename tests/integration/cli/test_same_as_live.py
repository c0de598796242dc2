"""The same recording through the broker, the services' own wiring and the database."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from earshot.cli.hearing.listener import Listener
from earshot.cli.hearing.pipeline import Pipeline
from earshot.cli.hearing.settings import HearingSettings
from earshot.contracts.messages import CODE_BYTES, Prediction
from earshot.embedded_broker import EmbeddedBroker
from earshot.events.event import SoundEvent
from earshot.model_labels import ModelLabels
from earshot.store.engine import open_engine
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.store.migrate import migrate
from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.policy import Policy
from earshot.streams.port import Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.worker import LoopOptions, Worker
from earshot.topics import AUDIO, EMBEDDINGS, PREDICTIONS
from services.capture.append import append_to
from services.capture.metrics import CaptureMetrics
from services.capture.playback import Playback
from services.capture.session import Session
from services.capture.sources.recording import Recording
from services.classifier.handler import Classifier
from services.features.handler import Features
from services.notifier.metrics import NotifierMetrics
from services.notifier.notifier import Notifier
from tests.integration.cli.sounds import alarm, write


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 s at 48 kHz: the alarm stops and comes back."""
    samples = alarm(40.0, 48_000)
    samples[10 * 48_000 : 25 * 48_000] = 0
    return write(tmp_path_factory.mktemp("live") / "a.wav", samples, 48_000)


class Live:
    """The stages of the system on a real broker, and a database."""

    def __init__(
        self, streams: RedisStreams, engine: Engine, listener: Listener, settings: HearingSettings
    ) -> None:
        self._streams, self._engine = streams, engine
        self._listener, self._settings = listener, settings

    def play(self, path: Path) -> None:
        metrics = CaptureMetrics(CollectorRegistry())
        playback = Playback("kitchen", append_to(self._streams), Event(), metrics, speed=None)
        playback.play_file(path)

    def work_off(self, batch_entries: int) -> None:
        models, taxonomy = self._listener.models, self._listener.taxonomy
        classifier = Classifier(
            models.predict, self._settings.window_patches, models.card.embedding_space
        )
        for stage, handler in (
            (Stage(AUDIO, AUDIO.owner, EMBEDDINGS), Features(models.embedder)),
            (Stage(EMBEDDINGS, EMBEDDINGS.owner, PREDICTIONS), classifier),
        ):
            options = LoopOptions(batch_size=batch_entries)
            metrics = LoopMetrics(CollectorRegistry())
            Worker(self._streams, stage, handler, metrics, options).run_until_idle()
        bundles = ModelLabels(self._settings.models_dir)
        metrics = NotifierMetrics(CollectorRegistry())
        Notifier(self._streams, self._engine, taxonomy, bundles.gathering, metrics).run_until_idle()

    def events(self) -> list[SoundEvent]:
        page = list_events(self._engine, EventFilter(), 1_000)
        return sorted(page.events, key=lambda event: (event.onset_sample, event.label))

    def predictions(self) -> list[Prediction]:
        reader = self._streams.reader(Stage(PREDICTIONS, "test"), 0, "test")
        reader.join()
        entries = [delivery.entry for delivery in reader.read(1_000, 0)]
        return [PREDICTIONS.decode(entry) for entry in entries if entry is not None]


@pytest.fixture
def live(
    broker: EmbeddedBroker, tmp_path: Path, listener: Listener, settings: HearingSettings
) -> Iterator[Live]:
    # The default context: what `settings` have, too.
    policy = Policy(key_prefix=f"test:{secrets.token_hex(6)}", partitions=1)
    streams, engine = RedisStreams(broker.url, policy), open_engine(f"sqlite:///{tmp_path}/e.db")
    migrate(engine)
    yield Live(streams, engine, listener, settings)
    engine.dispose()
    streams.close()


@pytest.mark.parametrize("batch_entries", [1, 32])
def test_events_are_the_same_to_the_sample(
    live: Live, listener: Listener, recording: Path, batch_entries: int
) -> None:
    live.play(recording)
    live.work_off(batch_entries)

    def said(event: SoundEvent) -> tuple[str, int, int, str, tuple[str, ...]]:
        span = (event.onset_sample, event.offset_sample)
        return (event.label, *span, event.taxonomy_hash, event.models)

    here = listener.hear(recording).events
    assert [said(event) for event in live.events()] == [said(event) for event in here]
    assert [event.label for event in here].count("Alarm tone") == 2
    for there, event in zip(live.events(), here, strict=True):
        assert there.peak_score == pytest.approx(event.peak_score, abs=1e-3)


def test_embeddings_are_the_same_byte_for_byte(
    live: Live, listener: Listener, settings: HearingSettings, recording: Path
) -> None:
    live.play(recording)
    live.work_off(7)
    there = live.predictions()
    models = listener.models
    classifier = Classifier(models.predict, settings.window_patches, models.card.embedding_space)
    pipeline = Pipeline(Features(models.embedder), classifier, settings)
    here = list(pipeline.predictions(Recording.open(recording).pcm(), Session("d", "s", 0)))
    assert codes(there) == codes(here)
    assert len(codes(here)) == 41 * CODE_BYTES
    scores, same = patch_scores(there), patch_scores(here)
    assert np.all(np.abs(scores - same) <= np.spacing(np.maximum(scores, same)))


def codes(predictions: list[Prediction]) -> bytes:
    return b"".join(prediction.codes.tobytes() for prediction in predictions)


def patch_scores(predictions: list[Prediction]) -> np.ndarray:
    return np.concatenate([each.patch_scores for each in predictions if len(each.codes)])
