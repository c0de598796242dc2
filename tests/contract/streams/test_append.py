from __future__ import annotations

from dataclasses import replace

import pytest

from earshot.streams.entry import Entry
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.port import Answer, Streams
from earshot.streams.redis_streams import RedisStreams
from tests.contract.streams.bench import SOURCE, Bench


def entry(sequence: int, body: bytes = b"x", **values: object) -> Entry:
    return Entry("d", "s", sequence, body=body, **values)  # type: ignore[arg-type]


def test_answers_tell_the_sender_what_to_do(streams: Streams) -> None:
    unknown = streams.append(SOURCE, entry(7))
    assert (unknown.answer, unknown.next_sequence) == (Answer.UNKNOWN, 0)
    assert streams.append(SOURCE, entry(0)).answer is Answer.OK
    assert streams.append(SOURCE, entry(1)).answer is Answer.OK
    repeated = streams.append(SOURCE, entry(1))
    assert (repeated.answer, repeated.next_sequence) == (Answer.DUP, 2)
    ahead = streams.append(SOURCE, entry(5))
    assert (ahead.answer, ahead.next_sequence) == (Answer.AHEAD, 2)


def test_nothing_but_ok_adds_an_entry(bench: Bench) -> None:
    bench.streams.append(SOURCE, entry(3))
    bench.streams.append(SOURCE, entry(0))
    bench.streams.append(SOURCE, entry(0))
    bench.streams.append(SOURCE, entry(2))
    assert [d.entry for d in bench.reader.read(10, 0)] == [entry(0)]


def test_every_field_comes_back(bench: Bench) -> None:
    sent = Entry("dév:1", "s", 0, frozenset({"gap", "silent"}), b"\x00\xff", b"c" * 128)
    bench.streams.append(SOURCE, sent)
    assert bench.reader.read(1, 0)[0].entry == sent


@pytest.mark.parametrize(("patient", "share"), [(False, 1.0), (True, 0.5)])
def test_full_above_the_budget_and_at_half_of_it_for_the_patient(
    streams: MemoryStreams | RedisStreams, patient: bool, share: float
) -> None:
    streams.policy = replace(streams.policy, budget_bytes=100_000)  # 50,000 for the topic
    appended = 0
    while (
        streams.append(SOURCE, entry(appended, b"x" * 1_000), patient=patient).answer is Answer.OK
    ):
        appended += 1
    # Redis counts 160 bytes of cost per entry beside the payload.
    assert 0.8 * share <= appended * 1_000 / 50_000 <= share
    full = streams.append(SOURCE, entry(appended, b"x" * 1_000), patient=patient)
    assert (full.answer, full.next_sequence) == (Answer.FULL, appended)


def test_room_comes_back_when_the_owner_has_acknowledged(
    streams: MemoryStreams | RedisStreams,
) -> None:
    streams.policy = replace(streams.policy, budget_bytes=100_000)
    bench = Bench(streams)
    sequence = 0
    while streams.append(SOURCE, entry(sequence, b"x" * 1_000)).answer is Answer.OK:
        sequence += 1
    assert streams.fill(SOURCE, 0) > 0.9
    bench.hand_off(bench.reader, bench.reader.read(1000, 0))
    bench.reader.tend()
    assert streams.fill(SOURCE, 0) == 0
    assert streams.append(SOURCE, entry(sequence, b"x" * 1_000)).answer is Answer.OK


def test_budgets_stay_exact_with_two_producers_and_a_partial_trim(
    streams: MemoryStreams | RedisStreams,
) -> None:
    streams.policy = replace(streams.policy, budget_bytes=1_000_000)
    bench = Bench(streams)
    for sequence in range(20):
        for device in ("a", "b"):
            size = 1_000 if device == "a" else 3_000
            streams.append(SOURCE, Entry(device, "s", sequence, body=b"x" * size))
    full = streams.fill(SOURCE, 0)
    bench.hand_off(bench.reader, bench.reader.read(20, 0))
    bench.reader.tend()
    assert streams.fill(SOURCE, 0) == pytest.approx(full / 2, rel=0.01)
