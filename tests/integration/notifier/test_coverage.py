"""What was heard of each device, stored with the batches that heard it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, select

from earshot.contracts.messages import Flags, Prediction, SourceState
from earshot.events.listening import Listening
from earshot.events.stretch import Stretch
from earshot.events.timeline import timeline
from earshot.store.coverage import device_stretches
from earshot.store.device_changes import change_device
from earshot.store.device_state import DeviceState
from earshot.store.engine import open_engine, reading
from earshot.store.tables import coverage, sessions
from earshot.streams.entry import GAP, POISON, TOMBSTONE, Entry
from earshot.topics import PREDICTIONS
from services.notifier.metrics import NotifierMetrics
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.crashing import Crash, CrashingPort, CrashPoint, crash_in
from tests.integration.notifier.feeding import BORN_NS, HOP_NS, prediction, soundscape

MakeBench = Callable[[str], Bench]
QUIET = (0.0, 0.0, 0.0)
LATER_NS = BORN_NS + 10**15


def said(sequence: int, first_patch: int, num_patches: int = 1, **fields: Any) -> Prediction:
    message = prediction(sequence, first_patch, [QUIET] * num_patches)
    return replace(message, header=replace(message.header, **fields))


def shown(known: Sequence[Stretch], num_patches: int) -> list[str]:
    """The first so many patches since the beginning: `from-to kind reason`."""
    found = timeline(known, BORN_NS, BORN_NS + num_patches * HOP_NS, LATER_NS)
    return [
        f"{(each.begin_at_ns - BORN_NS) / HOP_NS:g}-{(each.end_at_ns - BORN_NS) / HOP_NS:g} "
        f"{each.coverage.value} {each.reason}".strip()
        for each in found.stretches
    ]


def stored(engine: Engine, device_id: str = "kitchen") -> list[Stretch]:
    return device_stretches(engine, device_id, BORN_NS, LATER_NS)


def num_rows(engine: Engine) -> tuple[int, int]:
    """Of complete stretches, and of sessions that are open."""
    with reading(engine) as connection:
        complete = connection.execute(select(coverage)).all()
        states = connection.execute(select(sessions.c.listening)).scalars().all()
    return len(complete), len([state for state in states if state is not None])


def test_everything_that_is_said_is_in_the_database(
    make_bench: MakeBench, database_url: str
) -> None:
    bench = make_bench(database_url)
    bench.play(
        [
            said(0, 0, 2),
            said(1, 2, flags=Flags.SILENT),
            said(2, 5, flags=Flags.GAP, gap_before_samples=2 * 15_360, gap_reason="overflow"),
        ]
    )
    bench.notifier().run_until_idle()
    assert num_rows(bench.engine) == (3, 1)
    poison = Entry("kitchen", "01J", 3, frozenset({GAP, TOMBSTONE, POISON}))
    bench.streams.log(PREDICTIONS, 0).add(poison, 0.0)
    ended = {"flags": Flags.END_OF_SESSION, "source_state": SourceState.STOPPED}
    bench.play([said(4, 8), said(5, 9, 0, **ended)])
    bench.notifier().run_until_idle()

    assert shown(stored(bench.engine), 12) == [
        "0-2 heard",
        "2-3 silent",
        "3-5 lost overflow",
        "5-6 heard",
        "6-8 lost poison",
        "8-9 heard",
        "9-12 absent stopped",
    ]
    assert num_rows(bench.engine) == (6, 0)


def test_a_quiet_hour_is_one_row(bench: Bench) -> None:
    for start in range(0, 60, 10):
        bench.play([said(sequence, sequence) for sequence in range(start, start + 10)])
        bench.notifier().run_until_idle()  # a new process each time

    assert num_rows(bench.engine) == (0, 1)
    assert shown(stored(bench.engine), 60) == ["0-60 heard"]


def test_a_sequence_that_never_came_is_a_gap(bench: Bench) -> None:
    bench.play([said(0, 0), said(3, 3)])

    bench.notifier().run_until_idle()

    assert shown(stored(bench.engine), 4) == ["0-1 heard", "1-3 lost gap", "3-4 heard"]


def test_what_a_disabled_device_sends_is_refused(bench: Bench) -> None:
    notifier = bench.notifier()
    bench.play([said(0, 0)])
    notifier.run_until_idle()
    off = DeviceState.DISABLED
    change_device(bench.engine, "kitchen", lambda known: replace(known, state=off), "me")
    bench.play([said(1, 1), said(2, 2)])
    notifier.run_until_idle()

    assert shown(stored(bench.engine), 4) == ["0-1 heard", "1-4 absent refused"]


def test_a_new_session_goes_on_with_the_same_device(bench: Bench) -> None:
    one = [said(0, 0), said(1, 1)]
    other = [replace(each, header=replace(each.header, session_id="01K")) for each in one]
    late_ns = BORN_NS + 5 * HOP_NS
    moved = [
        replace(each, header=replace(each.header, captured_at_ns=late_ns + number * HOP_NS))
        for number, each in enumerate(other)
    ]
    bench.play([*one, *moved])

    bench.notifier().run_until_idle()

    assert shown(stored(bench.engine), 7) == ["0-2 heard", "2-5 absent no_source", "5-7 heard"]


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_crash_upon_crash_counts_nothing_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, is_after: bool
) -> None:
    monkeypatch.setattr("services.notifier.loop.BATCH_ENTRIES", 4)
    played = soundscape(seed=6, num_devices=2, num_entries=10)
    bench.play(played)

    at = 1
    while crashes(bench, at, is_after=is_after):
        at += 3

    assert at > 20
    for device_id in ("device0", "device1"):
        listening, expected = Listening(), []
        for message in played:
            if message.header.device_id == device_id:
                expected += listening.hear(message.header, len(message.level_dbfs))
        assert len(expected) > 1
        assert shown(stored(bench.engine, device_id), 60) == shown(expected, 60)


def crashes(bench: Bench, at: int, *, is_after: bool) -> bool:
    """Runs a notifier with a crash point; returns whether it came that far."""
    point = CrashPoint(at, is_after=is_after)
    engine = open_engine(bench.engine.url.render_as_string(hide_password=False))
    crash_in(engine, point)
    streams: Any = CrashingPort(bench.streams, point)
    notifier = bench.make_notifier(streams, engine, NotifierMetrics(CollectorRegistry()))
    bench.free_leases()
    try:
        notifier.run_until_idle()
    except Crash:
        return True
    finally:
        engine.dispose()
    return False
