"""What keeps a dead source from being closed, or makes it happen twice: it must do neither."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from earshot.events.event import EndReason, EventState
from earshot.store.engine import open_engine, reading, writing
from earshot.store.errors import LedgerConflict
from earshot.store.tables import devices, leases, metadata
from earshot.streams.entry import Entry
from earshot.streams.errors import BrokerAway
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.topics import AUDIO
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.crashing import Crash, CrashingPort, CrashPoint, crash_in
from tests.integration.notifier.watching import CLOSE_AFTER_S, Watch, look_in_every_round, loud


class LatePoint(CrashPoint):
    """A crash point that counts only what is done once it is armed."""

    is_armed = False

    def before(self) -> None:
        if self.is_armed:
            super().before()

    def after(self) -> None:
        if self.is_armed:
            super().after()


def test_a_broker_that_was_emptied_does_not_keep_events_open(watch: Watch) -> None:
    notifier = watch.notifier()
    watch.play(*loud(0))
    notifier.run_until_idle()
    watch.streams.append(AUDIO, Entry("hall", "s", 0, body=b"sound"))
    watch.wait(notifier, seconds=CLOSE_AFTER_S)
    assert [event.state for event in watch.events()] == [EventState.STARTED]

    log = watch.bench.streams.log(AUDIO, 0)
    log.entries.clear()
    log.last_number = 0
    watch.wait(notifier, seconds=0)

    assert [event.state for event in watch.events()] == [EventState.ENDED]


def test_what_was_open_when_a_notifier_died_is_closed_by_the_next(real_watch: Watch) -> None:
    watch = real_watch
    watch.play(*loud(0), *loud(0, device="hall"))
    watch.notifier().run_until_idle()
    watch.clock.now_s += 10 * CLOSE_AFTER_S

    notifier = watch.notifier()
    notifier.run_until_idle()
    watch.wait(notifier, seconds=CLOSE_AFTER_S - 0.1)
    assert {event.state for event in watch.events()} == {EventState.STARTED}  # it counts anew
    watch.wait(notifier, seconds=0.2)

    assert {event.end_reason for event in watch.events()} == {EndReason.SOURCE_GONE}
    assert watch.bench.committed() == watch.sent()
    assert watch.num_closed() == 2


def test_an_outage_is_nobodys_silence(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    notifier = watch.notifier()
    watch.play(*loud(0))
    notifier.run_until_idle()

    def away(*_: object) -> None:
        raise BrokerAway("gone")

    with monkeypatch.context() as patch:
        patch.setattr(MemoryStreams, "relay_position", away)
        with pytest.raises(BrokerAway):
            watch.wait(notifier, seconds=10 * CLOSE_AFTER_S)
    notifier.run_until_idle()  # as the loop does after an error
    watch.wait(notifier, seconds=CLOSE_AFTER_S - 0.1)
    assert [event.state for event in watch.events()] == [EventState.STARTED]
    watch.wait(notifier, seconds=0.1)

    assert [event.state for event in watch.events()] == [EventState.ENDED]


def test_nothing_comes_back_of_a_device_that_was_forgotten(watch: Watch) -> None:
    notifier = watch.notifier()
    watch.play(*loud(0))
    notifier.run_until_idle()
    with writing(watch.bench.engine) as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not leases:
                connection.execute(delete(table))

    with pytest.raises(LedgerConflict):
        watch.wait(notifier, seconds=CLOSE_AFTER_S)
    notifier.run_until_idle()  # as the loop does after an error
    watch.wait(notifier, seconds=CLOSE_AFTER_S)

    with reading(watch.bench.engine) as connection:
        assert connection.execute(select(devices)).all() == []


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_no_crash_while_closing_leaves_a_trace(
    make_bench: Callable[[str], Bench],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_after: bool,
) -> None:
    look_in_every_round(monkeypatch)
    for at in count(1):
        bench = make_bench(f"sqlite:///{tmp_path / f'{at}.db'}")
        watch = Watch(bench, MemoryStreams(Policy(partitions=1)))
        watch.play(*loud(0), *loud(0, device="hall"))
        watch.notifier().run_until_idle()

        has_crashed = crashes_while_closing(watch, at, is_after=is_after)

        notifier = watch.notifier()
        notifier.run_until_idle()
        watch.wait(notifier, seconds=CLOSE_AFTER_S)
        assert [event.revision for event in watch.events()] == [2, 2], f"crash at {at}"
        assert len(watch.sent()) == 4, f"crash at {at}"
        assert bench.committed() == watch.sent(), f"crash at {at}"
        if not has_crashed:
            break

    assert at > 15


def crashes_while_closing(watch: Watch, at: int, *, is_after: bool) -> bool:
    """Runs a notifier that crashes at a point of its closing; returns whether it came that far."""
    engine = open_engine(watch.bench.engine.url.render_as_string(hide_password=False))
    point = LatePoint(at, is_after=is_after)
    notifier = watch.notifier(CrashingPort(watch.streams, point), engine)
    crash_in(engine, point)
    notifier.run_until_idle()
    point.is_armed = True
    try:
        watch.wait(notifier, seconds=CLOSE_AFTER_S)
    except Crash:
        return True
    finally:
        engine.dispose()
    return False
