"""What cannot be handled becomes a dead letter with its reason, and the rest goes on."""

from __future__ import annotations

from pathlib import Path

import redis

from earshot.streams.topic import Keys, partition_of
from tests.integration.streams.conftest import Chain, wait_until


def dead_letters(chain: Chain, device: str = "d") -> list[dict[bytes, bytes]]:
    keys = Keys.of(chain.source, partition_of(device, 2), chain.prefix)
    client = redis.Redis.from_url(chain.broker.url)
    letters = [fields for _, fields in client.xrange(keys.dead)]
    client.close()
    return letters


def outcome(chain: Chain, expected: int) -> list[tuple[int, bool]]:
    ledger = chain.collect("b", expected)
    return [(d.entry.sequence, d.entry.is_tombstone) for d in ledger["d"] if d.entry]


def test_a_message_that_kills_its_worker_is_dead_after_three_attempts(stages: Chain) -> None:
    for sequence, body in enumerate([b"0", b"crash", b"2"]):
        stages.append("d", sequence, body)
    crashes = 0

    def is_through() -> bool:
        nonlocal crashes
        if not stages.processes or stages.processes[-1][1].poll() is not None:
            crashes += bool(stages.processes)
            stages.start("first")
        return len(dead_letters(stages)) == 1

    wait_until(is_through, "the dead letter")
    assert outcome(stages, 3) == [(0, False), (1, True), (2, False)]
    # Once in its batch, where it was not yet a suspect, and three times alone.
    assert crashes == 4
    (letter,) = dead_letters(stages)
    assert letter[b"reason"] == b"3 attempts ended without an answer"
    assert (letter[b"group"], letter[b"topic"], letter[b"sequence"]) == (b"first", b"a", b"1")
    assert b"body" not in letter


def test_a_message_whose_handler_raises_is_dead_after_three_attempts(stages: Chain) -> None:
    for sequence, body in enumerate([b"0", b"error", b"2"]):
        stages.append("d", sequence, body)
    process = stages.start("first")
    assert outcome(stages, 3) == [(0, False), (1, True), (2, False)]
    (letter,) = dead_letters(stages)
    assert letter[b"reason"] == b"RuntimeError: the handler's own error"
    assert process.poll() is None


def test_a_bad_message_is_dead_at_once(stages: Chain) -> None:
    for sequence, body in enumerate([b"0", b"bad", b"2"]):
        stages.append("d", sequence, body)
    stages.start("first")
    assert outcome(stages, 3) == [(0, False), (1, True), (2, False)]
    assert dead_letters(stages)[0][b"reason"] == b"the handler does not like it"


def test_a_foreign_entry_is_dead_and_the_worker_goes_on(stages: Chain) -> None:
    keys = Keys.of(stages.source, partition_of("d", 2), stages.prefix)
    client = redis.Redis.from_url(stages.broker.url)
    client.xadd(keys.stream, {"hello": "world"})
    client.xadd(keys.stream, {"device": "d", "session": "s", "sequence": "x", "body": ""})
    client.close()
    stages.append("d", 0, b"0")
    stages.start("first")
    assert outcome(stages, 1) == [(0, False)]
    first, second = dead_letters(stages)
    assert first[b"reason"] == b"the entry has no field 'device'"
    assert b"cannot be read" in second[b"reason"]


def test_an_absent_dependency_costs_no_attempt_and_reads_nothing_more(
    stages: Chain, tmp_path: Path
) -> None:
    dependency = tmp_path / "dependency"
    for sequence in range(40):
        stages.append("d", sequence, str(sequence).encode())
    stages.start("first", dependency)
    source = stages.source
    partition = partition_of("d", 2)

    def holds_one_batch() -> bool:
        return stages.streams.backlog(source, partition, "first").pending == 16

    wait_until(holds_one_batch, "one batch in hand")
    keys, client = (
        Keys.of(source, partition, stages.prefix),
        redis.Redis.from_url(stages.broker.url),
    )
    attempts = keys.attempts("first")

    def is_idle() -> bool:
        return bool(client.xpending_range(keys.stream, "first", "-", "+", 1, idle=500))

    wait_until(is_idle, "the batch idle for longer than entries are left alone")
    # A second worker comes, and claims of it before it reads anything new: no attempt counts.
    stages.start("first", dependency)
    wait_until(lambda: client.exists(attempts) == 1, "a suspect claimed")
    wait_until(lambda: set(client.hvals(attempts)) == {b"0"}, "its attempt taken back")
    assert stages.streams.backlog(source, partition, "first").unread > 0
    dependency.touch()
    assert outcome(stages, 40) == [(n, False) for n in range(40)]
    client.close()
    assert dead_letters(stages) == []
