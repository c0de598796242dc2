"""A device is forgotten while a notifier works on it: the others lose and double nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from earshot.events import cloud_event
from earshot.store.devices import get_device
from earshot.store.errors import LedgerConflict
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.store.forgetting import forget_device
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.feeding import barks, expected_bodies

MakeBench = Callable[[str], Bench]


def devices_of(bodies: list[str]) -> list[str]:
    return [cloud_event.decode(body).device_id for body in bodies]


def test_a_device_that_still_sends_begins_anew(make_bench: MakeBench, database_url: str) -> None:
    bench = make_bench(database_url)
    kitchen, hall = barks(20), barks(20, device="hall")
    notifier = bench.notifier()
    bench.play([*kitchen[:10], *hall[:10]])
    notifier.run_until_idle()

    forget_device(bench.engine, "kitchen", "me", 60.0)
    bench.play([*kitchen[10:], *hall[10:]])
    with pytest.raises(LedgerConflict):
        notifier.step()
    notifier.run_until_idle()

    found = list_events(bench.engine, EventFilter(), limit=1000).events
    by_device = {name: [e for e in found if e.device_id == name] for name in ("kitchen", "hall")}
    assert [len(by_device["kitchen"]), len(by_device["hall"])] == [5, 10]
    assert min(event.onset_sample for event in by_device["kitchen"]) == 10 * 15_360
    assert get_device(bench.engine, "kitchen") is not None
    sent = bench.sent()
    assert len(sent) == len(set(sent))
    assert [body for body in sent if '"hall"' in body] == expected_bodies(hall, bench.taxonomy)
    assert bench.count("entries_lost", topic="predictions", reason="gap") == 10
    assert bench.streams.dead == []


def test_a_device_that_still_sends_stays_away_where_unknown_ones_are_refused(bench: Bench) -> None:
    kitchen = barks(20)
    bench.play(kitchen[:10])
    notifier = bench.notifier()
    notifier.run_until_idle()
    forget_device(bench.engine, "kitchen", "me", 60.0)
    bench.accepts_unknown = False

    bench.play(kitchen[10:])
    bench.notifier().run_until_idle()

    assert get_device(bench.engine, "kitchen") is None
    assert list_events(bench.engine, EventFilter()).events == ()


@pytest.mark.parametrize("is_alone", [False, True])
def test_what_comes_after_is_sent_once_and_so_is_all_that_is_left(
    bench: Bench, is_alone: bool
) -> None:
    hall, yard = barks(10, device="hall"), barks(10, device="yard")
    bench.play([*([] if is_alone else hall), *barks(10)])
    notifier = bench.notifier()
    notifier.run_until_idle()
    sent_before = bench.sent()

    forget_device(bench.engine, "kitchen", "me", 60.0)
    bench.play(yard)
    while notifier.step():
        pass

    assert bench.sent() == sent_before + expected_bodies(yard, bench.taxonomy)
    bench.streams = MemoryStreams(Policy(partitions=1))
    bench.notifier().run_until_idle()
    left = ([] if is_alone else hall) + yard
    assert bench.sent() == expected_bodies(left, bench.taxonomy)
    assert "kitchen" not in devices_of(bench.sent())
