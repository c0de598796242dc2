"""Whatever broker or database forget, each revision is on the stream; once if they do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, update

from earshot.store.engine import writing
from earshot.store.tables import events, relays, revisions, sessions
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from services.notifier.relay import BATCH
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.feeding import barks, expected_bodies


def forget_all(bench: Bench) -> None:
    """A broker that comes back empty."""
    bench.streams = MemoryStreams(Policy(partitions=1))


def test_a_broker_that_forgot_is_filled_again(bench: Bench) -> None:
    played = barks(4)
    bench.play(played[:2])
    bench.notifier().run_until_idle()
    forget_all(bench)

    bench.play(played[2:])
    bench.notifier().run_until_idle()

    assert bench.sent() == expected_bodies(played, bench.taxonomy)


def test_a_broker_that_forgets_under_a_running_notifier_is_filled_again(bench: Bench) -> None:
    played = barks(4)
    bench.play(played[:2])
    notifier = bench.notifier()
    notifier.run_until_idle()
    log = bench.streams._logs.pop(("events", 0))
    bench.streams._positions.clear()

    bench.play(played[2:])
    notifier.run_until_idle()

    assert len(log.entries) == 2
    assert bench.sent() == expected_bodies(played, bench.taxonomy)


def test_a_long_backlog_is_sent_in_parts(bench: Bench) -> None:
    played = barks(2 * BATCH + 20)
    bench.play(played)
    bench.notifier().run_until_idle()
    forget_all(bench)

    bench.notifier().run_until_idle()

    assert len(bench.sent()) > 2 * BATCH
    assert bench.sent() == expected_bodies(played, bench.taxonomy)


def test_a_new_database_sends_although_the_broker_remembers_the_old_one(
    make_bench: Callable[[str], Bench], tmp_path: Path
) -> None:
    old = make_bench(f"sqlite:///{tmp_path / 'old.db'}")
    old.play(barks(10))
    old.notifier().run_until_idle()
    new = make_bench(f"sqlite:///{tmp_path / 'new.db'}")
    new.streams = old.streams
    played = barks(4, device="hall")
    new.play(played)

    new.notifier().run_until_idle()

    assert old.committed() + expected_bodies(played, new.taxonomy) == new.sent()


def test_a_database_from_a_backup_sends_all_it_holds_again(bench: Bench) -> None:
    played = barks(4)
    bench.play(played)
    bench.notifier().run_until_idle()
    with writing(bench.engine) as connection:
        for table in (revisions, events, sessions):
            connection.execute(delete(table))
        connection.execute(update(relays).values(last_position=0))
    more = barks(2, device="hall")
    bench.play(more)

    bench.notifier().run_until_idle()

    assert bench.committed() == expected_bodies(more, bench.taxonomy)
    assert bench.sent() == expected_bodies([*played, *more], bench.taxonomy)
