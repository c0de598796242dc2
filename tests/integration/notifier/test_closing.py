"""Sources that die without a word: what they left open ends by the clock on the wall."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earshot.contracts.messages import Flags
from earshot.events.event import EndReason, EventState
from earshot.store.device_changes import change_device, remove_device
from earshot.store.device_state import DeviceState
from earshot.store.devices import get_device
from earshot.streams.entry import Entry
from earshot.streams.port import Stage
from earshot.topics import AUDIO, EMBEDDINGS, PREDICTIONS
from tests.integration.notifier.feeding import prediction
from tests.integration.notifier.watching import CLOSE_AFTER_S, QUIET, Watch, loud

STAGES = {topic.name: topic for topic in (AUDIO, EMBEDDINGS, PREDICTIONS)}


def test_an_event_ends_when_its_source_has_been_silent_for_long(real_watch: Watch) -> None:
    watch = real_watch
    notifier = watch.notifier()
    watch.play(*loud(0, 1))
    notifier.run_until_idle()

    watch.wait(notifier, seconds=CLOSE_AFTER_S - 0.1)
    assert [event.state for event in watch.events()] == [EventState.STARTED]
    watch.wait(notifier, seconds=0.2)
    watch.wait(notifier, seconds=10 * CLOSE_AFTER_S)

    (event,) = watch.events()
    assert (event.state, event.end_reason) == (EventState.ENDED, EndReason.SOURCE_GONE)
    assert (event.revision, event.offset_sample) == (2, 2 * 15_360)
    assert watch.bench.committed() == watch.sent()
    assert len(watch.sent()) == 2
    assert watch.num_closed() == 1


@pytest.mark.parametrize("restarts", [False, True])
def test_what_comes_late_begins_anew(real_watch: Watch, restarts: bool) -> None:
    watch = real_watch
    notifier = watch.notifier()
    watch.play(*loud(0, 1))
    notifier.run_until_idle()
    watch.wait(notifier, seconds=CLOSE_AFTER_S)

    watch.play(*loud(2, 3), prediction(4, 4, [QUIET]))
    (watch.notifier() if restarts else notifier).run_until_idle()

    one, other = watch.events()
    assert [event.end_reason for event in (one, other)] == [EndReason.SOURCE_GONE, EndReason.QUIET]
    assert (one.offset_sample, other.onset_sample) == (2 * 15_360, 2 * 15_360)
    assert one.event_id != other.event_id
    assert watch.bench.committed() == watch.sent()
    assert watch.bench.last_sequence() == 4


@pytest.mark.parametrize("is_read", [False, True], ids=["unread", "pending"])
@pytest.mark.parametrize("name", STAGES)
def test_what_is_on_its_way_keeps_an_event_open(
    real_watch: Watch, name: str, is_read: bool
) -> None:
    watch, topic = real_watch, STAGES[name]
    notifier = watch.notifier()
    watch.play(*loud(0))
    notifier.run_until_idle()
    group = watch.streams.reader(Stage(topic, topic.owner), 0, "slow")
    group.join()
    watch.streams.append(topic, Entry("hall", "s", 0, body=b"late"))
    (delivery,) = group.read(1, 0) if is_read or topic is PREDICTIONS else [None]

    watch.wait(notifier, seconds=CLOSE_AFTER_S)
    watch.wait(notifier, seconds=CLOSE_AFTER_S)
    assert [event.state for event in watch.events()] == [EventState.STARTED]

    group.acknowledge([(delivery or group.read(1, 0)[0]).entry_id])
    watch.wait(notifier, seconds=0)
    assert [event.state for event in watch.events()] == [EventState.ENDED]


def test_a_partition_that_is_never_idle_closes_all_the_same(watch: Watch) -> None:
    notifier = watch.notifier()
    watch.play(*loud(0))
    notifier.run_until_idle()
    features = watch.streams.reader(Stage(AUDIO, AUDIO.owner), 0, "features")
    features.join()
    under_way: list[str] = []

    for sequence in range(70):
        watch.streams.append(AUDIO, Entry("hall", "s", sequence, body=b"sound"))
        under_way += [delivery.entry_id for delivery in features.read(1, 0)]
        features.acknowledge(under_way[:-1])  # there is always one in hand
        watch.wait(notifier, seconds=1)

    assert [event.state for event in watch.events()] == [EventState.ENDED]


def test_a_session_that_goes_on_meanwhile_stays_open(watch: Watch) -> None:
    notifier = watch.notifier()
    watch.play(*loud(0))
    notifier.run_until_idle()
    features = watch.streams.reader(Stage(AUDIO, AUDIO.owner), 0, "features")
    features.join()
    watch.streams.append(AUDIO, Entry("kitchen", "01J", 0, body=b"sound"))
    watch.wait(notifier, seconds=CLOSE_AFTER_S)

    features.acknowledge([delivery.entry_id for delivery in features.read(1, 0)])
    watch.play(*loud(1))
    watch.wait(notifier, seconds=0)

    assert [event.state for event in watch.events()] == [EventState.STARTED]
    watch.wait(notifier, seconds=CLOSE_AFTER_S)
    assert [event.state for event in watch.events()] == [EventState.ENDED]


def test_a_session_that_has_ended_is_not_closed_again(watch: Watch) -> None:
    notifier = watch.notifier()
    watch.play(*loud(0), *loud(1, flags=Flags.END_OF_SESSION))
    notifier.run_until_idle()

    watch.wait(notifier, seconds=CLOSE_AFTER_S)

    assert [event.end_reason for event in watch.events()] == [EndReason.SESSION_END]
    assert watch.num_closed() == 0


def test_a_session_without_events_is_closed_without_a_revision(watch: Watch) -> None:
    notifier = watch.notifier()
    watch.play(prediction(0, 0, [QUIET]))
    notifier.run_until_idle()

    watch.wait(notifier, seconds=CLOSE_AFTER_S)

    assert (watch.num_closed(), watch.sent()) == (1, [])


@pytest.mark.parametrize("restarts", [False, True])
def test_closing_registers_nobody_anew(watch: Watch, restarts: bool) -> None:
    notifier = watch.notifier()
    watch.play(*loud(0))
    notifier.run_until_idle()
    remove_device(watch.bench.engine, "kitchen", "me")
    if restarts:
        notifier = watch.notifier()
        notifier.run_until_idle()

    watch.wait(notifier, seconds=CLOSE_AFTER_S)
    watch.wait(notifier, seconds=CLOSE_AFTER_S)

    assert [event.end_reason for event in watch.events()] == [EndReason.SOURCE_GONE]
    assert get_device(watch.bench.engine, "kitchen") is None


def test_events_of_a_device_that_was_disabled_end_too(watch: Watch) -> None:
    notifier = watch.notifier()
    watch.play(*loud(0))
    notifier.run_until_idle()
    off = DeviceState.DISABLED
    change_device(watch.bench.engine, "kitchen", lambda said: replace(said, state=off), "me")

    watch.wait(notifier, seconds=CLOSE_AFTER_S)
    watch.wait(notifier, seconds=CLOSE_AFTER_S)

    assert [event.end_reason for event in watch.events()] == [EndReason.SOURCE_GONE]
