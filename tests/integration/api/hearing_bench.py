"""A server that tells what is heard, and a device whose predictions arrive and are committed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import uvicorn
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from earshot.contracts.convert import encode_prediction
from earshot.contracts.messages import Header, Prediction
from earshot.events.event import SoundEvent
from earshot.events.labels import read_class_index
from earshot.events.scores import gather, label_scores
from earshot.events.taxonomy import Label, Scene, Scenes, Taxonomy
from earshot.events.tracker import Tracker
from earshot.store.ledger import Ledger
from earshot.store.progress import NO_SEQUENCE, Progress, Step
from earshot.streams.port import Answer, Streams
from earshot.topics import PREDICTIONS
from services.api import server as api_server
from services.api.app import create_app
from services.api.hearing import HearingHub, Sources

HOP = 15_360
HOP_NS = 960_000_000
BORN_NS = 1_777_593_600_000_000_000  # 2026-05-01T00:00:00Z
SESSION = "01JZ8Q4T7M3W5Y9X2C6V1B0N8K"
CLASSES = ("Speech", "Music", "Dog", "Bark", "Siren", "Traffic noise")
TAXONOMY = Taxonomy(
    (
        Label("Siren", "safety", "high", ("Siren",), 0.5, 0.25, masks=("Music",)),
        Label("Dog", "animal", "low", ("Dog", "Bark"), 0.5, 0.25),
        Label("Music", "music", "low", ("Music",), 0.5, 0.25),
    ),
    Scenes((Scene("Street", ("Traffic noise",)),), window_patches=3, dwell_samples=2 * HOP),
)


def write_bundle(models_dir: Path, *names: str) -> Path:
    """Writes the labels of toy@1."""
    file = models_dir / "toy" / "1" / "assets" / "labels.csv"
    file.parent.mkdir(parents=True)
    rows = "".join(f"{index},/m/{index},{name}\n" for index, name in enumerate(names))
    file.write_text("index,mid,display_name\n" + rows)
    return file


class Device:
    """Appends predictions as a classifier does, and commits them as a notifier does."""

    def __init__(
        self, streams: Streams, engine: Engine, labels_file: Path, device_id: str = "kitchen"
    ) -> None:
        self.id = device_id
        self._streams, self._ledger = streams, Ledger(engine, partition=0)
        self._gathering = gather(TAXONOMY, read_class_index(labels_file))
        self._tracker = Tracker(TAXONOMY, device_id, SESSION)
        self._predictions: list[Prediction] = []
        self._num_committed = 0

    def append(self, **scores: float) -> None:
        """Appends a prediction of one patch; classes by name, the others have none."""
        sequence = len(self._predictions)
        header = Header(
            self.id,
            SESSION,
            sequence,
            first_sample=sequence * HOP,
            captured_at_ns=BORN_NS + sequence * HOP_NS,
        )
        by_class = np.array([[scores.get(name, 0.0) for name in CLASSES]], np.float16)
        codes, levels = np.zeros((1, 128), np.uint8), np.array([-31.24], np.float32)
        prediction = Prediction(header, "toy@1", by_class, by_class, codes, levels, "embedder@1")
        appended = self._streams.append(PREDICTIONS, encode_prediction(prediction))
        assert appended.answer is Answer.OK
        self._predictions.append(prediction)

    def commit(self) -> list[SoundEvent]:
        """Takes in all that was appended and not committed."""
        revised = []
        for prediction in self._predictions[self._num_committed :]:
            labels = label_scores(prediction.patch_scores, self._gathering.labels)
            scenes = label_scores(prediction.scores, self._gathering.scenes)
            revised += self._tracker.advance(
                prediction.header, labels, prediction.level_dbfs, ("toy@1",), scenes
            )
        before, self._num_committed = self._num_committed, len(self._predictions)
        step = Step(
            (self.id, SESSION),
            before - 1 if before else NO_SEQUENCE,
            Progress(self._num_committed - 1, self._tracker.to_state()),
            self._predictions[-1].header.captured_at_ns,
        )
        return self._ledger.commit([step], revised)

    def hear(self, **scores: float) -> list[SoundEvent]:
        """Appends and commits."""
        self.append(**scores)
        return self.commit()


@dataclass
class Server:
    """An api over real sockets, in a thread of this process."""

    url: str
    hub: HearingHub
    registry: CollectorRegistry

    def get(self, query: str = "", **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}/v1/hearing{query}", headers=headers, timeout=60)

    def device(self, device_id: str = "kitchen") -> dict[str, Any]:
        """What is told of a device now."""
        (found,) = self.get(f"?device={device_id}").json()["devices"]
        return dict(found)

    def metric(self, name: str) -> float | None:
        return self.registry.get_sample_value(f"earshot_api_hearing_{name}")


@contextmanager
def serving(
    engine: Engine,
    streams: Streams,
    models_dir: Path,
    max_clients: int = 10,
    heartbeat_s: float = 15.0,
    idle_s: float = 30.0,
) -> Iterator[Server]:
    registry = CollectorRegistry()
    sources = Sources(streams, engine, TAXONOMY, models_dir)
    hub = HearingHub(sources, registry, max_clients, heartbeat_s, idle_s)
    app = create_app(engine, registry, taxonomy=TAXONOMY, hearing_hub=hub)
    listener = api_server.listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = api_server.Server(config)
    server.before_shutdown = hub.end_feeds
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}", hub, registry)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
