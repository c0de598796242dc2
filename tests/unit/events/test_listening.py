from __future__ import annotations

import json
from typing import Any

import pytest

from earshot.contracts.messages import Flags, Header, SourceState
from earshot.events.listening import MAX_LOST_NS, MAX_STRETCH_NS, Listening
from earshot.events.stretch import Coverage, Stretch
from tests.unit.events.feeding import BORN_NS, HOP, HOP_NS, header

DAY_NS = 86_400 * 10**9


def say(first_patch: int, at_patch: float | None = None, **fields: Any) -> Header:
    """A header at a sample, and at a time that is that of the sample unless said otherwise."""
    at_ns = BORN_NS + int((first_patch if at_patch is None else at_patch) * HOP_NS)
    known = header(first_patch)
    values = {name: getattr(known, name) for name in known.__slots__}
    return Header(**values | {"captured_at_ns": at_ns} | fields)


def brief(stretches: list[Stretch]) -> list[str]:
    """Each as `from-to kind reason`, in patches since the session's beginning."""
    return [
        f"{(s.begin_at_ns - BORN_NS) / HOP_NS:g}-{(s.end_at_ns - BORN_NS) / HOP_NS:g} "
        f"{s.coverage.value} {s.reason}".strip()
        for s in stretches
    ]


def heard(listening: Listening, *messages: tuple[Header, int]) -> list[str]:
    """What comes of messages, with what is open at the end."""
    done = [stretch for message in messages for stretch in listening.hear(*message)]
    return brief([*done, *([listening.stretch] if listening.stretch else [])])


SILENT = {"flags": Flags.SILENT}
END = {"flags": Flags.END_OF_SESSION, "source_state": SourceState.STOPPED}
STALLED = {"source_state": SourceState.STALLED}
PAUSED = {"source_state": SourceState.PAUSED}

SESSIONS: dict[str, tuple[list[tuple[Header, int]], list[str]]] = {
    "one stretch": ([(say(0), 2), (say(2), 1), (say(3), 1)], ["0-4 heard"]),
    "silence between": (
        [(say(0), 2), (say(2, **SILENT), 1), (say(3, **SILENT), 2), (say(5), 1)],
        ["0-2 heard", "2-5 silent", "5-6 heard"],
    ),
    "a gap that is said": (
        [(say(0), 2), (say(5, gap_before_samples=3 * HOP, gap_reason="overflow"), 1)],
        ["0-2 heard", "2-5 lost overflow", "5-6 heard"],
    ),
    "a gap before anything": (
        [(say(5, gap_before_samples=3 * HOP, gap_reason="full"), 1)],
        ["2-5 lost full", "5-6 heard"],
    ),
    "a gap that nobody explains": (
        [(say(0), 2), (say(5), 1)],
        ["0-2 heard", "2-5 lost gap", "5-6 heard"],
    ),
    "a reason that is no word": (
        [(say(0), 1), (say(2, gap_before_samples=HOP, gap_reason="Ab\x00" * 99), 1)],
        ["0-1 heard", "1-2 lost other", "2-3 heard"],
    ),
    "a clock that drifts": (
        [(say(0), 2), (say(2, 2.5), 1), (say(3, 3.25), 1)],
        ["0-4.25 heard"],
    ),
    "a clock that jumps ahead": (
        [(say(0), 2), (say(2, 50), 1)],
        ["0-2 heard", "50-51 heard"],
    ),
    "a clock that is set back": (
        [(say(0), 9), (say(9, 3), 1)],
        ["0-9 heard", "3-4 heard"],
    ),
    "a source that stalls": (
        [(say(0), 2), (say(2, **STALLED), 0), (say(2, 12, **STALLED), 0), (say(2, 20), 1)],
        ["0-2 heard", "2-20 lost stalled", "20-21 heard"],
    ),
    "a source that pauses, and counts on": (
        [(say(0), 2), (say(2, **PAUSED), 0), (say(9), 1)],
        ["0-2 heard", "2-9 absent paused", "9-10 heard"],
    ),
    "what is left at the end was heard": (
        [(say(0), 2), (say(2, 2.5, first_sample=2 * HOP + HOP // 2, **END), 0)],
        ["0-2.5 heard"],
    ),
    "no time of day": ([(say(0, captured_at_ns=0), 2), (say(2), 1)], ["2-3 heard"]),
    "a time that no database holds": ([(say(0, captured_at_ns=2**63 - 1), 2)], []),
    "more lost than there was time": (
        [(say(0), 2), (say(4, gap_before_samples=2**64 - 1, gap_reason="overflow"), 1)],
        ["0-2 heard", "2-4 lost overflow", "4-5 heard"],
    ),
}


@pytest.mark.parametrize(("messages", "expected"), SESSIONS.values(), ids=SESSIONS.keys())
def test_messages_become_stretches(messages: list[tuple[Header, int]], expected: list[str]) -> None:
    assert heard(Listening(), *messages) == expected


@pytest.mark.parametrize(("messages", "expected"), SESSIONS.values(), ids=SESSIONS.keys())
def test_a_restart_between_messages_changes_nothing(
    messages: list[tuple[Header, int]], expected: list[str]
) -> None:
    listening, done = Listening(), []
    for message in messages:
        done += listening.hear(*message)
        listening = Listening.from_state(json.loads(json.dumps(listening.to_state())))

    assert brief([*done, *([listening.stretch] if listening.stretch else [])]) == expected


def test_what_a_lost_entry_held_is_lost_for_its_reason() -> None:
    listening = Listening()
    listening.hear(say(0), 2)
    listening.lose("poison")
    listening = Listening.from_state(listening.to_state())

    assert heard(listening, (say(4), 1)) == ["0-2 heard", "2-4 lost poison", "4-5 heard"]


def test_a_lost_entry_without_sound_loses_no_time() -> None:
    listening = Listening()
    listening.hear(say(0), 2)
    listening.lose("poison")

    assert heard(listening, (say(2), 1), (say(5), 1)) == [
        "0-3 heard",
        "3-5 lost gap",
        "5-6 heard",
    ]


def test_what_a_claim_of_ages_loses_is_bounded_and_given_out_in_days() -> None:
    listening = Listening()

    done = listening.hear(say(0, gap_before_samples=2**64 - 1), 1)

    assert len(done) == 31
    assert sum(each.end_at_ns - each.begin_at_ns for each in done) == MAX_LOST_NS
    assert max(each.end_at_ns - each.begin_at_ns for each in done) == MAX_STRETCH_NS
    assert done[-1].end_at_ns == BORN_NS


@pytest.mark.parametrize(
    ("last", "stopped", "then"),
    [
        ({}, "refused", "refused"),
        ({}, "no_source", "no_source"),
        (STALLED, "no_source", "stalled"),
        (PAUSED, "no_source", "paused"),
    ],
)
def test_a_session_that_stops_says_why_nothing_follows(
    last: dict[str, Any], stopped: str, then: str
) -> None:
    listening = Listening()
    listening.hear(say(0, **last), 2)

    (stretch,) = listening.stop(stopped)

    assert stretch == Stretch(BORN_NS, BORN_NS + 2 * HOP_NS, Coverage.HEARD, "", then)
    assert listening.to_state() is None
    assert listening.stop() == []


def test_the_end_of_a_session_closes_it() -> None:
    listening = Listening()
    listening.hear(say(0), 2)

    (stretch,) = listening.hear(say(2, **END), 0)

    assert stretch.then == "stopped"
    assert listening.to_state() is None


def test_what_comes_after_the_stop_begins_anew() -> None:
    listening = Listening()
    listening.hear(say(0), 2)
    listening.stop()

    assert heard(listening, (say(5), 1)) == ["5-6 heard"]


def test_a_session_of_an_earlier_release_is_open_and_empty() -> None:
    listening = Listening.from_state({})

    assert listening.stretch is None
    assert listening.to_state() is not None
    assert heard(listening, (say(5), 1)) == ["5-6 heard"]
