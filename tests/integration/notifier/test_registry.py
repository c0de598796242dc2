"""Changes of the registry as a running notifier sees them: through the API, and as a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker
from earshot.events.event import EndReason, EventState
from earshot.events.taxonomy import Override
from earshot.store.device_changes import put_device
from earshot.store.devices import Registration, get_device
from earshot.store.engine import open_engine
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.store.migrate import migrate
from tests.integration.api.conftest import client_of
from tests.integration.notifier.service import Service
from tests.integration.notifier.test_refusals import MakeBench, heard, loud

__all__ = ["client_of"]


def test_a_process_refuses_when_the_setting_says_so(
    own_broker: EmbeddedBroker,
    start: Callable[..., Service],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EARSHOT_UNKNOWN_DEVICES", "refuse")
    database_url = f"sqlite:///{tmp_path / 'earshot.db'}"
    engine = open_engine(database_url)
    migrate(engine)
    put_device(engine, "hall", Registration(), "me")
    service = start(own_broker, database_url)

    service.play([*loud(0, 1), *loud(0, device="hall")])

    def heard_at() -> set[str]:
        return {each.device_id for each in list_events(engine, EventFilter(), 100).events}

    service.wait_until(lambda: bool(heard_at()), "an event of the registered device")
    assert heard_at() == {"hall"}
    assert get_device(engine, "kitchen") is None
    engine.dispose()


def test_a_tag_set_through_the_api_takes_effect_with_the_next_batch(
    make_bench: MakeBench, database_url: str, client_of: Callable[[Engine], httpx.Client]
) -> None:
    bench = make_bench(database_url)
    no_dogs = Override(tag="kennel", settings={"Dog": {"enabled": False}})
    bench.taxonomy = replace(bench.taxonomy, overrides=(no_dogs,))
    notifier = bench.notifier()
    bench.play(loud(0))
    notifier.run_until_idle()

    patch = {"tags": ["kennel"], "site": "yard"}
    assert client_of(bench.engine).patch("/v1/devices/kitchen", json=patch).status_code == 200
    bench.play(loud(1, 2))
    while notifier.step():
        pass

    (event,) = heard(bench)
    assert (event.state, event.end_reason) == (EventState.ENDED, EndReason.TAXONOMY_CHANGED)
    assert event.site == "yard"
