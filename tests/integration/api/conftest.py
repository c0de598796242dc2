"""A migrated SQLite database filled through the store's own write side, and an app over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from earshot.events.event import EventState, SoundEvent, event_id
from earshot.events.taxonomy import Label, Scene, Scenes, Taxonomy
from earshot.store.engine import open_engine
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.progress import NO_SEQUENCE, Progress, Step
from services.api.app import create_app
from services.api.readiness import Check

MIDNIGHT_NS = 1_777_593_600_000_000_000  # 2026-05-01T00:00:00Z
SECOND_NS = 1_000_000_000
SESSION = "01JZ8Q4T7M3W5Y9X2C6V1B0N8K"

TAXONOMY = Taxonomy(
    (Label("Siren", "safety", "high", ("Siren",)), Label("Dog", "animal", "low", ("Dog", "Bark"))),
    Scenes((Scene("Kitchen", ("Cutlery, silverware",)), Scene("Street", ("Traffic noise",)))),
)

Commit: TypeAlias = Callable[[Sequence[SoundEvent]], None]


def _sound_event(
    device: str = "kitchen",
    label: str = "Siren",
    onset_s: int = 0,
    duration_s: int = 2,
    peak_score: float = 0.9,
    state: EventState = EventState.ENDED,
    **fields: Any,
) -> SoundEvent:
    """A first revision, `onset_s` after midnight; each session starts at midnight."""
    onset_sample = onset_s * 16_000
    event = SoundEvent(
        event_id=event_id(device, SESSION, label, onset_sample),
        revision=1,
        state=state,
        device_id=device,
        session_id=SESSION,
        site="",
        label=label,
        category="safety",
        priority="high",
        onset_sample=onset_sample,
        offset_sample=onset_sample + duration_s * 16_000,
        onset_at_ns=MIDNIGHT_NS + onset_s * SECOND_NS,
        offset_at_ns=MIDNIGHT_NS + (onset_s + duration_s) * SECOND_NS,
        peak_score=peak_score,
        mean_score=peak_score / 2,
        level_dbfs=-21.44,
        models=("vggish-compact@1", "earshot-default@1"),
        taxonomy_hash="9a31c04be52d",
    )
    return replace(event, **fields)


def _ended(event: SoundEvent, duration_s: int) -> SoundEvent:
    """The next revision: it has ended."""
    return replace(
        event,
        revision=event.revision + 1,
        state=EventState.ENDED,
        offset_sample=event.onset_sample + duration_s * 16_000,
        offset_at_ns=event.onset_at_ns + duration_s * SECOND_NS,
    )


@pytest.fixture
def sound_event() -> Callable[..., SoundEvent]:
    return _sound_event


@pytest.fixture
def ended() -> Callable[[SoundEvent, int], SoundEvent]:
    return _ended


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'earshot.db'}"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def commit(engine: Engine) -> Commit:
    """Stores revisions as a notifier would."""
    ledger = Ledger(engine, partition=0)

    def store(revisions: Sequence[SoundEvent]) -> None:
        keys = sorted({(event.device_id, event.session_id) for event in revisions})
        known = ledger.progress(keys)
        steps = []
        for key in keys:
            last = known[key].last_sequence if key in known else NO_SEQUENCE
            newest_ns = max(e.offset_at_ns for e in revisions if e.device_id == key[0])
            steps.append(Step(key, last, Progress(last + 1, {}), newest_ns))
        ledger.commit(steps, revisions)

    return store


class _AppTransport(httpx.BaseTransport):
    """Hands httpx's requests to an app on an event loop of another thread."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        self._inner = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._portal = portal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._portal.call(self._ask, request)

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        return httpx.Response(
            answer.status_code, headers=answer.headers, content=await answer.aread()
        )


@pytest.fixture
def client_of() -> Iterator[Callable[[Engine, Mapping[str, Check]], httpx.Client]]:
    """Makes a client of an app over an engine, with further readiness checks."""
    with start_blocking_portal() as portal:

        def make(engine: Engine, checks: Mapping[str, Check] | None = None) -> httpx.Client:
            app = create_app(engine, CollectorRegistry(), checks, taxonomy=TAXONOMY)
            return httpx.Client(transport=_AppTransport(app, portal), base_url="http://earshot")

        yield make


@pytest.fixture
def client(engine: Engine, client_of: Callable[[Engine], httpx.Client]) -> httpx.Client:
    return client_of(engine)
