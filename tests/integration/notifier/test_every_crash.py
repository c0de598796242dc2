"""A process that dies at any of its steps outside: the next one leaves no trace of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from earshot.contracts.messages import Flags
from earshot.events.taxonomy import Taxonomy
from earshot.store.engine import open_engine
from earshot.streams.port import Streams
from earshot.topics import PREDICTIONS
from services.notifier.metrics import NotifierMetrics
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.crashing import Crash, CrashingPort, CrashPoint, crash_in
from tests.integration.notifier.feeding import after_poison, expected_bodies, soundscape


def crashes(bench: Bench, at: int, *, is_after: bool) -> bool:
    """Runs a notifier with a crash point; returns whether it came that far."""
    point = CrashPoint(at, is_after=is_after)
    engine = open_engine(bench.engine.url.render_as_string(hide_password=False))
    crash_in(engine, point)
    streams: Streams = CrashingPort(bench.streams, point)  # type: ignore[assignment]
    notifier = bench.make_notifier(streams, engine, NotifierMetrics(CollectorRegistry()))
    bench.free_leases()
    try:
        notifier.run_until_idle()
    except Crash:
        return True
    finally:
        engine.dispose()
    return False


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several transactions, hence more moments to die in."""
    monkeypatch.setattr("services.notifier.loop.BATCH_ENTRIES", 4)


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_no_crash_leaves_a_trace(
    make_bench: Callable[[str], Bench], tmp_path: Path, taxonomy: Taxonomy, is_after: bool
) -> None:
    played = soundscape(seed=3, num_devices=3, num_entries=8)
    expected = expected_bodies(played, taxonomy)
    for at in count(1):
        bench = make_bench(f"sqlite:///{tmp_path / f'{at}.db'}")
        bench.play(played[:15])
        bench.notifier().run_until_idle()
        bench.play(played[15:])
        if not crashes(bench, at, is_after=is_after):
            break

        bench.notifier().run_until_idle()

        assert bench.committed() == expected, f"crash at {at}"
        assert bench.sent() == expected, f"crash at {at}"
        assert bench.pending() == 0

    assert at > 40


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_no_crash_loses_or_doubles_a_dead_letter(
    make_bench: Callable[[str], Bench], tmp_path: Path, taxonomy: Taxonomy, is_after: bool
) -> None:
    played = soundscape(seed=5, num_devices=1, num_entries=8)
    # Killed after the dead letter is written and before its events are, nobody knows the reason.
    flags = played[4].header.flags | Flags.GAP
    after_hole = replace(played[4], header=replace(played[4].header, flags=flags))
    expected = [
        expected_bodies([*played[:3], message, *played[5:]], taxonomy)
        for message in (after_poison(played[4]), after_hole)
    ]
    for at in count(1):
        bench = make_bench(f"sqlite:///{tmp_path / f'{at}.db'}")
        bench.play(played[:3])
        garbage = replace(PREDICTIONS.encode(played[3]), body=b"garbage")
        bench.streams.log(PREDICTIONS, 0).add(garbage, 0.0)
        bench.play(played[4:])
        has_crashed = crashes(bench, at, is_after=is_after)

        bench.notifier().run_until_idle()

        assert bench.committed() == bench.sent(), f"crash at {at}"
        assert bench.committed() in expected, f"crash at {at}"
        assert [entry for entry, _ in bench.streams.dead] == [garbage], f"crash at {at}"
        if not has_crashed:
            break

    assert bench.committed() == expected[0]
    assert at > 30


def test_crash_upon_crash_leaves_no_trace(bench: Bench) -> None:
    played = soundscape(seed=4, num_devices=3, num_entries=8)
    bench.play(played)

    at = 1
    while crashes(bench, at, is_after=at % 2 == 0):
        at += 1

    assert bench.committed() == bench.sent() == expected_bodies(played, bench.taxonomy)
    assert bench.pending() == 0
