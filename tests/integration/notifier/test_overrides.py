"""What differs at some devices: each session is followed by what is in force at its device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import update

from earshot.events.event import EndReason, EventState
from earshot.events.taxonomy import Override
from earshot.store.engine import writing
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.store.tables import devices
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.feeding import barks, prediction


def with_overrides(bench: Bench, *overrides: Override) -> Bench:
    bench.taxonomy = replace(bench.taxonomy, overrides=overrides)
    return bench


def heard_at(bench: Bench) -> set[str]:
    return {event.device_id for event in list_events(bench.engine, EventFilter(), 100).events}


def tag(bench: Bench, device_id: str, *tags: str) -> None:
    with writing(bench.engine) as connection:
        statement = update(devices).where(devices.c.id == device_id)
        connection.execute(statement.values(tags=list(tags)))


def test_a_label_is_not_followed_where_an_override_takes_it_out(
    make_bench: Callable[[str], Bench], database_url: str
) -> None:
    no_dogs = Override(device="kennel-*", settings={"Dog": {"enabled": False}})
    bench = with_overrides(make_bench(database_url), no_dogs)
    bench.play([*barks(4, "kitchen"), *barks(4, "kennel-1")])

    bench.notifier().run_until_idle()

    assert heard_at(bench) == {"kitchen"}
    assert bench.pending() == 0


def test_a_device_that_is_tagged_meanwhile_is_followed_anew(bench: Bench) -> None:
    no_dogs = Override(tag="kennel", settings={"Dog": {"enabled": False}})
    notifier = with_overrides(bench, no_dogs).notifier()
    loud = (0.75, 0.0, 0.0)
    bench.play([prediction(0, 0, [loud])])
    notifier.run_until_idle()
    tag(bench, "kitchen", "kennel")
    bench.play([prediction(number, number, [loud]) for number in (1, 2)])

    notifier.run_until_idle()

    (event,) = list_events(bench.engine, EventFilter(), 100).events
    assert (event.state, event.end_reason) == (EventState.ENDED, EndReason.TAXONOMY_CHANGED)
    assert event.revision == 2
