"""Sound that a real model server scored, kept as embeddings, and the events it made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
from anyio.from_thread import start_blocking_portal
from numpy.typing import NDArray
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from earshot.contracts.messages import Embeddings, Flags, Header, Prediction
from earshot.events.event import SoundEvent
from earshot.events.scores import label_scores
from earshot.events.taxonomy import Label, Override, Scene, Scenes, Taxonomy
from earshot.events.tracker import Tracker
from earshot.model_labels import ModelLabels
from earshot.serving.client import ServingClient
from earshot.store.engine import writing
from earshot.store.kept_embeddings import KeptPatches, keep_patches
from services.api.app import create_app
from services.api.rescorer_source import RescorerSource
from services.classifier.handler import Classifier
from services.classifier.serving_predict import serving_predict
from tests.integration.api.conftest import MIDNIGHT_NS, SESSION, _AppTransport
from tests.integration.modelserver.conftest import ModelServer, until

REPOSITORY = Path(__file__).parents[3]
W, HOP, HOP_NS = 10, 15_360, 960_000_000
MODEL, EMBEDDER, SPACE = "earshot-default", "vggish-compact@1", "audioset-vggish-128"
DEVICE = "kitchen"
GAP_AFTER, GAP_PATCHES = 45, 5


@dataclass(frozen=True)
class Heard:
    """What came of it: predictions as the classifier made them, events as the tracker did."""

    predictions: list[Prediction]
    taxonomy: Taxonomy
    revisions: list[SoundEvent]

    @property
    def first_samples(self) -> NDArray[np.int64]:
        starts = [(each.header.first_sample, len(each.codes)) for each in self.predictions]
        return np.concatenate([first + np.arange(number) * HOP for first, number in starts])

    def scores(self, label: int) -> NDArray[np.float16]:
        """float16 (n,): what the notifier's tracker got of a label."""
        gathering = LABELS.gathering(self.taxonomy, self.predictions[0].model, 527)
        own = [label_scores(each.patch_scores, gathering.labels) for each in self.predictions]
        return np.concatenate(own)[:, label]


LABELS = ModelLabels(REPOSITORY / "models")


@contextmanager
def serving_model(folder: Path) -> Iterator[str]:
    """A model server process with the shipped models, by its address."""
    server = ModelServer(REPOSITORY / "models", folder)
    try:
        until(lambda: server.events("serving") or server.process.poll() is not None, 120)
        yield server.target
    finally:
        server.kill()


def hear(target: str) -> Heard:
    """Noise of 90 patches in entries of 1 to 5, with a gap; labels that it starts and ends."""
    with ServingClient(target) as client:
        predictions = Classifier(serving_predict(client, MODEL), W, SPACE)(list(_entries()))
    patch_scores = np.concatenate([each.patch_scores for each in predictions]).astype(float)
    widest = np.argsort(-patch_scores.std(axis=0))[:3]
    names = LABELS.classes(predictions[0].model, 527).display_names
    first, second, third = (names[index] for index in widest)
    taxonomy = Taxonomy(
        (
            _label("Alarm", (first,), patch_scores[:, widest[:1]], masks=("Music",)),
            _label("Music", (second, third), patch_scores[:, widest[1:]], start_patches=2),
        ),
        Scenes((Scene("Street", (first,), (), 0.0),), 10, HOP),
    )
    tracker = Tracker(taxonomy, DEVICE, SESSION)
    revisions: list[SoundEvent] = []
    for each in predictions:
        revisions += _followed(tracker, taxonomy, each)
    return Heard(predictions, taxonomy, revisions)


def keep(engine: Engine, heard: Heard, model: str = "") -> None:
    """Keeps its embeddings, as the notifier does."""
    with writing(engine) as connection:
        keep_patches(
            connection,
            [
                KeptPatches(
                    DEVICE,
                    SESSION,
                    model or each.model,
                    EMBEDDER,
                    SPACE,
                    each.header.captured_at_ns + np.arange(len(each.codes)) * HOP_NS,
                    each.header.first_sample + np.arange(len(each.codes)) * HOP,
                    each.codes,
                    each.level_dbfs,
                )
                for each in heard.predictions
            ],
        )


@contextmanager
def asked(engine: Engine, target: str, taxonomy: Taxonomy) -> Iterator[httpx.Client]:
    """A client of an app that scores again."""
    rescorer = source(engine, target)
    app = create_app(engine, CollectorRegistry(), taxonomy=taxonomy, rescorer=rescorer)
    with start_blocking_portal() as portal:
        yield httpx.Client(transport=_AppTransport(app, portal), base_url="http://earshot")


def source(engine: Engine, target: str) -> RescorerSource:
    """What scores again, with the shipped models."""
    return RescorerSource(engine, target, REPOSITORY / "models", W)


def stricter(taxonomy: Taxonomy) -> Taxonomy:
    """The same, and an override that nothing reaches at this device."""
    override = Override(
        device=f"{DEVICE[:4]}*",
        settings={"Alarm": {"on_score": 1.0}},
        places={("Alarm", "on_score"): "t.yaml:9"},
    )
    return Taxonomy(taxonomy.labels, taxonomy.scenes, (override,))


def _entries() -> Iterator[Embeddings]:
    random = np.random.default_rng(7)
    codes = random.integers(0, 256, (90, 128), dtype=np.uint8)
    start = sequence = 0
    while start < len(codes):
        is_after = start >= GAP_AFTER
        limit = len(codes) if is_after else GAP_AFTER
        end = min(start + int(random.integers(1, 6)), limit)
        unbroken_from = GAP_AFTER if is_after else 0
        first_patch = start + (GAP_PATCHES if is_after else 0)
        header = Header(
            DEVICE,
            SESSION,
            sequence,
            first_patch * HOP,
            MIDNIGHT_NS + first_patch * HOP_NS,
            Flags.GAP if start == GAP_AFTER else Flags.NONE,
            GAP_PATCHES * HOP if start == GAP_AFTER else 0,
            "overflow" if start == GAP_AFTER else "",
        )
        context = codes[max(unbroken_from, start - W + 1) : start]
        levels = np.linspace(-40, -20, end - start, dtype=np.float32)
        yield Embeddings(header, codes[start:end], context, levels, SPACE, EMBEDDER)
        start, sequence = end, sequence + 1


def _label(
    name: str, classes: Sequence[str], scores: NDArray[np.float64], **fields: object
) -> Label:
    highest = scores.max(axis=1)
    return Label(
        name,
        "safety",
        "high",
        tuple(classes),
        on_score=float(np.quantile(highest, 0.7)),
        off_score=float(np.quantile(highest, 0.4)),
        start_window_patches=3,
        **fields,  # type: ignore[arg-type]
    )


def _followed(tracker: Tracker, taxonomy: Taxonomy, each: Prediction) -> list[SoundEvent]:
    gathering = LABELS.gathering(taxonomy, each.model, each.patch_scores.shape[1])
    return tracker.advance(
        each.header,
        label_scores(each.patch_scores, gathering.labels),
        each.level_dbfs,
        (EMBEDDER, each.model),
        label_scores(each.scores, gathering.scenes),
    )


Commit = Callable[[Sequence[SoundEvent]], None]
