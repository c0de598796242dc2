"""Notifier, api, broker and database connection are killed in turn: each revision comes once."""

from __future__ import annotations

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from earshot.store.engine import reading
from earshot.store.kept_embeddings import kept_patches
from earshot.streams.entry_id import BEGINNING
from earshot.streams.topic import partition_of
from earshot.topics import EVENTS
from tests.e2e.foreseen import Foreseen, foresee
from tests.e2e.live import wait_until
from tests.e2e.mortal import Mortal
from tests.e2e.relentless import Relentless
from tests.e2e.sse_follower import SseFollower
from tests.integration.store.databases import postgres  # noqa: F401 - a fixture
from tests.integration.store.postgres import PostgresServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

PARTS = ("notifier", "api", "broker", "database connection")
TWICE_EVERY = 50  # predictions
ADDED_AGAIN = 40


class Size(NamedTuple):
    """How much is played, and how often each part is struck meanwhile."""

    database: str
    num_devices: int
    num_sessions: int
    num_blocks: int
    num_rounds: int


SIZES = (Size("postgresql", 10, 2, 15, num_rounds=2), Size("sqlite", 10, 1, 5, num_rounds=1))


@pytest.fixture(params=SIZES, ids=[size.database for size in SIZES])
def size(request: pytest.FixtureRequest) -> Size:
    return request.param


@pytest.fixture
def foreseen(tmp_path: Path, size: Size) -> Foreseen:
    return foresee(tmp_path, size.num_devices, size.num_sessions, size.num_blocks)


@pytest.fixture
def mortal(
    tmp_path: Path, size: Size, foreseen: Foreseen, request: pytest.FixtureRequest
) -> Iterator[Mortal]:
    del foreseen  # it has written what the services read
    url = f"sqlite:///{tmp_path / 'earshot.db'}"
    if size.database == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.new_database()
    running = Mortal(tmp_path, url)
    yield running
    running.close()


def test_each_revision_comes_once_whatever_is_killed(
    mortal: Mortal, foreseen: Foreseen, size: Size
) -> None:
    assert len(foreseen.event_ids) == size.num_devices * size.num_sessions * size.num_blocks
    wait_until(mortal.is_ready, "the api is ready")
    feed = f"{mortal.api_url}/v1/stream"
    followers = [SseFollower(feed), SseFollower(feed, leaves_after=40)]
    wait_until(lambda: all(each.last_event_id for each in followers), "both follow")
    feeder = Relentless(mortal.streams, mortal.broker.url, foreseen.played, TWICE_EVERY)

    num_due = strike_in_turn(mortal, feeder, len(foreseen.played), size.num_rounds)

    wait_until(lambda: mortal.num_worked_off() == len(foreseen.played), "all is worked off")
    wait_until(mortal.is_idle, "all is acknowledged")
    num_revisions = len(foreseen.revised)
    wait_until(lambda: len(in_stream(mortal)) >= num_revisions, "all is in the stream")
    for each in followers:
        wait_until(lambda each=each: len(each.received) >= num_revisions, "all is received")
    num_counted = mortal.counted("entries_duplicate")
    num_redelivered = mortal.counted("entries_redelivered")
    assert num_due <= num_counted <= feeder.num_duplicates() + num_redelivered

    for message in random.Random(2).sample(foreseen.played, ADDED_AGAIN):
        feeder.add_again(message)
    wait_until(mortal.is_idle, "the repeats are acknowledged")
    assert mortal.counted("entries_duplicate") == num_counted + ADDED_AGAIN

    feeder.close()
    for each in followers:
        each.close()
    check_database(mortal, foreseen)
    check_stream(mortal, foreseen)
    check_kept(mortal, foreseen)
    for each in followers:
        check_received(each, foreseen, size)


def strike_in_turn(mortal: Mortal, feeder: Relentless, num_played: int, num_rounds: int) -> int:
    """Strikes part after part while predictions go through; the last one is let through then.

    Returns:
        How many of those added twice only the notifier that runs in the end can have read.
    """
    chance, strikes = random.Random(8), PARTS * num_rounds
    limits = [num_played * (n + 1) // (len(strikes) + 1) for n in range(len(strikes) + 1)]
    num_due = 0
    for part, reached, limit in zip(strikes, limits[:-1], limits[1:], strict=True):
        feeder.go_on_to(limit)
        wait_until(
            lambda reached=reached: mortal.num_worked_off() >= reached,
            f"{reached} are worked off before the {part} is struck",
        )
        time.sleep(chance.uniform(0, 0.1))  # anywhere in what follows
        mortal.strike(part)
        if part == "notifier":
            num_due = sum(number % TWICE_EVERY == 0 for number in range(limit, num_played))
    return num_due


def in_stream(mortal: Mortal) -> list[str]:
    """Bodies of the events stream, in order."""
    deliveries = mortal.streams.tail(EVENTS, 0).read_after(BEGINNING, 100_000, 0)
    return [each.entry.body.decode() for each in deliveries if each.entry]


def check_database(mortal: Mortal, foreseen: Foreseen) -> None:
    """Each revision is stored once, at its place; the api has the newest one of each event."""
    partitions = mortal.streams.partitions
    for partition in range(partitions):
        bodies = foreseen.bodies(partition, partitions)
        assert bodies
        assert mortal.committed(partition) == bodies
    wait_until(mortal.is_ready, "the api is ready")
    listed = mortal.events()
    newest = {event.event_id: event.revision for event in foreseen.revised}
    assert {event["event_id"]: event["revision"] for event in listed} == newest
    assert len(listed) == len(newest)


def check_stream(mortal: Mortal, foreseen: Foreseen) -> None:
    """Each revision is there once, and those of a partition in their order."""
    sent: defaultdict[int, list[str]] = defaultdict(list)
    partitions = mortal.streams.partitions
    for body in in_stream(mortal):
        sent[partition_of(json.loads(body)["data"]["device_id"], partitions)].append(body)
    assert sent == {each: foreseen.bodies(each, partitions) for each in range(partitions)}


def check_kept(mortal: Mortal, foreseen: Foreseen) -> None:
    """What was heard is kept once, to be scored again."""
    heard: defaultdict[tuple[str, str], list[tuple[int, bytes]]] = defaultdict(list)
    for each in foreseen.played:
        key = each.header.device_id, each.header.session_id
        heard[key] += [(each.header.first_sample, code.tobytes()) for code in each.codes]
    with reading(mortal.engine) as connection:
        found = [
            each
            for device_id in {key[0] for key in heard}
            for each in kept_patches(connection, device_id, 0, time.time_ns())
        ]
    kept = {
        (each.device_id, each.session_id): list(
            zip(each.first_samples.tolist(), map(bytes, each.codes), strict=True)
        )
        for each in found
    }
    assert kept == heard


def check_received(follower: SseFollower, foreseen: Foreseen, size: Size) -> None:
    """Each revision was received once, and those of an event in their order."""
    assert not follower.resets
    assert follower.num_connections > size.num_rounds
    assert Counter(follower.received) == Counter(foreseen.revision_ids)
    by_event: defaultdict[str, list[int]] = defaultdict(list)
    for revision_id in follower.received:
        event_id, _, revision = revision_id.partition(".")
        by_event[event_id].append(int(revision))
    assert all(revisions == sorted(revisions) for revisions in by_event.values())
