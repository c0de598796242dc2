"""The live feed's filters that ask for more than a field of the event: tags and text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import Engine

from earshot.events.event import SoundEvent
from earshot.store.device_changes import put_device
from earshot.store.devices import Registration
from earshot.store.engine import writing
from tests.integration.api import live_feed
from tests.integration.api.live_feed import Connect, Server, Writer, wait_until

MakeEvent = Callable[..., SoundEvent]
Commit = Callable[[Sequence[SoundEvent]], None]

streams, writer = live_feed.streams, live_feed.writer
server, connect = live_feed.server, live_feed.connect


def register(engine: Engine, device_id: str, *tags: str, site: str = "") -> None:
    put_device(engine, device_id, Registration(site, tags), "test")


@pytest.fixture
def known(engine: Engine, commit: Commit, sound_event: MakeEvent) -> list[SoundEvent]:
    """Four events of four devices, stored."""
    register(engine, "kitchen", "indoor")
    register(engine, "hall", "indoor", "upstairs", site="Lange Strasse 7")
    register(engine, "garden", "outdoor")
    register(engine, "bells", site="St. Peter")
    events = [
        sound_event(device="kitchen", label="Smoke alarm"),
        sound_event(device="hall", label="Dog", site="Lange Strasse 7"),
        sound_event(device="garden", label="Dog"),
        sound_event(device="bells", label="Dog", site="St. Peter"),
    ]
    commit(events)
    return events


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?tag=indoor", [0, 1]),
        ("?tag=upstairs&tag=outdoor", [1, 2]),
        ("?tag=indoor&device=hall", [1]),
        ("?tag=Indoor", []),
        ("?text=ALARM", [0]),
        ("?text=arde", [2]),
        ("?text=st. peter", [3]),
        ("?text=straße", [1]),
        ("?text=STRASSE&tag=indoor", [1]),
    ],
)
def test_tags_and_text_mean_live_and_replayed_what_they_mean_in_the_database(
    server: Server,
    connect: Connect,
    writer: Writer,
    known: list[SoundEvent],
    query: str,
    expected: list[int],
) -> None:
    query = quote(query, safe="?=&")
    start_id = connect().wait_ready().last_id
    live = connect(query).wait_ready()
    writer.write(*known)
    told = httpx.get(f"{server.url}/v1/events{query}").json()["events"]
    wanted = [known[index].revision_id for index in expected]
    assert sorted(f"{each['event_id']}.1" for each in told) == sorted(wanted)
    assert connect(query, start_id).wait_for(len(wanted)) == wanted
    assert live.wait_for(len(wanted)) == wanted


def test_a_tag_counts_from_when_it_is_given(
    engine: Engine, connect: Connect, writer: Writer, sound_event: MakeEvent
) -> None:
    feed, all_of_it = connect("?tag=indoor").wait_ready(), connect().wait_ready()
    events = [sound_event(onset_s=n) for n in range(3)]
    for number, tags in enumerate([(), ("indoor",), ()]):
        register(engine, "kitchen", *tags)
        writer.write(events[number])
        all_of_it.wait_for(number + 1)
    assert feed.wait_for(1) == [events[1].revision_id]


def test_a_feed_by_tag_ends_without_the_database_and_misses_nothing(
    engine: Engine, connect: Connect, writer: Writer, sound_event: MakeEvent
) -> None:
    register(engine, "kitchen", "indoor")
    feed, other = connect("?tag=indoor").wait_ready(), connect().wait_ready()
    writer.write(sound_event())
    feed.wait_for(1)
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE devices RENAME TO away")
    writer.write(sound_event(onset_s=9))
    wait_until(lambda: feed.ended == "cleanly", f"the end of the feed: {feed.ended}")
    assert other.wait_for(2) == writer.revision_ids  # who asks for no tag goes on

    again = connect("?tag=indoor", feed.last_id)
    wait_until(lambda: again.num_comments > 0, "patience")
    with writing(engine) as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO devices")
    assert again.wait_for(1) == writer.revision_ids[1:]
