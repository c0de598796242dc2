"""Devices that nobody registered, or that were disabled: their predictions make no events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, select

from earshot.contracts.messages import Prediction
from earshot.events.event import EndReason, EventState, SoundEvent
from earshot.store.device_changes import change_device, put_device, remove_device
from earshot.store.device_state import DeviceState
from earshot.store.devices import Registration, get_device
from earshot.store.engine import reading
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.store.tables import devices, sessions
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.feeding import prediction

MakeBench = Callable[[str], Bench]
LOUD = (0.75, 0.0, 0.0)


def loud(*sequences: int, device: str = "kitchen") -> list[Prediction]:
    return [prediction(number, number, [LOUD], device) for number in sequences]


def heard(bench: Bench) -> list[SoundEvent]:
    """Events, the first one first."""
    return list(list_events(bench.engine, EventFilter(), 100).events)[::-1]


def num_rows(bench: Bench) -> tuple[int, int]:
    """Rows of devices and sessions."""
    with reading(bench.engine) as connection:
        found = [connection.execute(select(table)).all() for table in (devices, sessions)]
    return len(found[0]), len(found[1])


def refused(bench: Bench, reason: str) -> float:
    return bench.count("entries_refused", topic="predictions", reason=reason)


def lost(bench: Bench) -> float:
    return bench.count("entries_lost", topic="predictions", reason="gap")


def disable(engine: Engine) -> None:
    change_device(engine, "kitchen", lambda said: replace(said, state=DeviceState.DISABLED), "me")


def enable(engine: Engine) -> None:
    change_device(engine, "kitchen", lambda said: replace(said, state=DeviceState.ACTIVE), "me")


@pytest.fixture
def strict(make_bench: MakeBench, database_url: str) -> Bench:
    """A bench that refuses unknown devices, on both databases."""
    bench = make_bench(database_url)
    bench.accepts_unknown = False
    return bench


def test_a_device_nobody_registered_leaves_nothing_where_these_are_refused(strict: Bench) -> None:
    strict.play([*loud(0, 1), *loud(0, device="hall")])
    put_device(strict.engine, "hall", Registration(), "me")

    strict.notifier().run_until_idle()

    assert [each.device_id for each in heard(strict)] == ["hall"]
    assert num_rows(strict) == (1, 1)
    assert refused(strict, "unknown") == 2
    assert strict.pending() == 0


@pytest.mark.parametrize("restarts", [False, True])
def test_a_device_registered_later_begins_with_its_next_entry(
    strict: Bench, restarts: bool
) -> None:
    notifier = strict.notifier()
    strict.play(loud(0, 1, 2))
    notifier.run_until_idle()
    put_device(strict.engine, "kitchen", Registration("home"), "me")
    strict.play(loud(3, 4))

    (strict.notifier() if restarts else notifier).run_until_idle()

    (event,) = heard(strict)
    assert (event.site, event.onset_sample) == ("home", 3 * 15_360)
    assert lost(strict) == 0
    assert strict.pending() == 0


def test_only_what_comes_first_may_be_missing_without_being_lost(strict: Bench) -> None:
    put_device(strict.engine, "kitchen", Registration(), "me")
    strict.play(loud(3, 7))

    strict.notifier().run_until_idle()

    assert lost(strict) == 3
    assert len(heard(strict)) == 2


def test_a_disabled_device_makes_no_events_from_the_next_batch_on(
    make_bench: MakeBench, database_url: str
) -> None:
    bench = make_bench(database_url)
    notifier = bench.notifier()
    bench.play(loud(0))
    notifier.run_until_idle()
    disable(bench.engine)
    bench.play(loud(1, 2))

    while notifier.step():
        pass

    (event,) = heard(bench)
    assert (event.state, event.end_reason) == (EventState.ENDED, EndReason.SOURCE_GONE)
    assert event.offset_sample == 15_360
    assert event.gap_reason == "refused"
    assert refused(bench, "disabled") == 2
    assert (lost(bench), bench.pending(), bench.last_sequence()) == (0, 0, 2)


@pytest.mark.parametrize("restarts", [False, True])
def test_a_device_that_is_enabled_again_begins_a_new_stretch(bench: Bench, restarts: bool) -> None:
    notifier = bench.notifier()
    bench.play(loud(0))
    notifier.run_until_idle()
    disable(bench.engine)
    bench.play(loud(1, 2))
    notifier.run_until_idle()
    enable(bench.engine)
    bench.play(loud(3))

    (bench.notifier() if restarts else notifier).run_until_idle()

    assert [event.onset_sample for event in heard(bench)] == [0, 3 * 15_360]
    assert [event.state for event in heard(bench)] == [EventState.ENDED, EventState.STARTED]
    assert lost(bench) == 0


def test_a_device_that_was_disabled_before_it_was_heard_is_refused(bench: Bench) -> None:
    put_device(bench.engine, "kitchen", Registration(state=DeviceState.DISABLED), "me")
    notifier = bench.notifier()
    bench.play(loud(0, 1))
    notifier.run_until_idle()
    device = get_device(bench.engine, "kitchen")
    assert device is not None
    assert (heard(bench), device.last_heard_at_ns) == ([], 0)
    enable(bench.engine)
    bench.play(loud(2))

    notifier.run_until_idle()

    assert [event.onset_sample for event in heard(bench)] == [2 * 15_360]
    assert lost(bench) == 0


def test_a_removed_device_that_is_heard_registers_itself_where_strangers_may(bench: Bench) -> None:
    notifier = bench.notifier()
    bench.play(loud(0))
    notifier.run_until_idle()
    remove_device(bench.engine, "kitchen", "me")
    bench.play(loud(1))
    notifier.run_until_idle()
    bench.play(loud(2))

    notifier.run_until_idle()

    device = get_device(bench.engine, "kitchen")
    assert device is not None
    assert device.registration == Registration()
    assert len(heard(bench)) == 1
    assert bench.last_sequence() == 2


def test_a_removed_device_is_refused_where_strangers_are(strict: Bench) -> None:
    put_device(strict.engine, "kitchen", Registration(), "me")
    notifier = strict.notifier()
    strict.play(loud(0))
    notifier.run_until_idle()
    remove_device(strict.engine, "kitchen", "me")
    strict.play(loud(1))
    notifier.run_until_idle()

    assert get_device(strict.engine, "kitchen") is None
    assert refused(strict, "unknown") == 1
    put_device(strict.engine, "kitchen", Registration(), "me")
    strict.play(loud(2))
    notifier.run_until_idle()
    assert [event.onset_sample for event in heard(strict)] == [0, 2 * 15_360]
    assert lost(strict) == 0


@pytest.mark.parametrize("accepts_unknown", [True, False])
def test_the_registry_is_not_asked_while_nothing_is_refused(
    bench: Bench, accepts_unknown: bool
) -> None:
    bench.accepts_unknown = accepts_unknown
    put_device(bench.engine, "kitchen", Registration(), "me")
    notifier = bench.notifier()
    bench.play(loud(0))
    notifier.run_until_idle()
    asked: list[str] = []
    bench.play(loud(1))

    event.listen(
        bench.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: asked.append(statement),
    )
    notifier.step()

    assert bench.last_sequence() == 1
    # What the policy says of keeping embeddings is read with each batch that has some.
    assert [each for each in asked if "devices.site" in each] == []
