"""What waits for one client."""

from __future__ import annotations

import asyncio

import pytest

from earshot.streams.entry_id import EntryId
from services.api import live_client
from services.api.live_client import LiveClient, Reset, Status
from services.api.live_event import LiveEvent, LiveFilter

STATUS = Status("away", "it is away")
RESET = Reset(EntryId(1, 0), "ahead", "it was emptied")


def event(number: int, label: str = "Dog") -> LiveEvent:
    return LiveEvent(
        EntryId(number, 0), b"", "kitchen", label, "animal", "", "low", "", "model", "ended", 0.5
    )


def live(wants: LiveFilter | None = None) -> LiveClient:
    client = LiveClient(wants or LiveFilter())
    client.is_live = True
    return client


def test_events_wait_in_order() -> None:
    client = live()
    client.put_events([event(1), event(2)], EntryId(3, 0))
    client.put(STATUS)
    assert client.take() == [event(1), event(2), STATUS]
    assert client.take() == []
    assert client.position == EntryId(3, 0)


def test_what_is_not_wanted_moves_the_position_alone() -> None:
    client = live(LiveFilter(labels=frozenset({"Siren"})))
    client.put_events([event(1)], EntryId(1, 0))
    assert client.take() == []
    assert client.position == EntryId(1, 0)


def test_a_client_that_replays_gets_only_the_status() -> None:
    client = LiveClient(LiveFilter())
    client.put_events([event(1)], EntryId(1, 0))
    client.put(RESET)
    client.put(STATUS)
    assert client.take() == [STATUS]
    assert client.position is None


def test_a_reset_moves_the_position_back() -> None:
    client = live()
    client.put_events([event(9)], EntryId(9, 0))
    client.put(RESET)
    assert client.position == RESET.entry_id


def test_the_feed_ends_when_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_client, "MAX_WAITING", 2)
    client = live()
    assert client.put_events([event(1), event(2)], EntryId(2, 0))
    assert not client.ended.is_set()
    assert not client.put_events([event(3)], EntryId(3, 0))
    assert client.ended.is_set()
    assert client.take() == [event(1), event(2)]


def test_waiting_ends_with_an_item_or_with_the_time() -> None:
    async def wait() -> None:
        client = live()
        await client.wait(0.001)
        asyncio.get_running_loop().call_soon(client.put, STATUS)
        await client.wait(60)
        assert client.take() == [STATUS]

    asyncio.run(wait())
