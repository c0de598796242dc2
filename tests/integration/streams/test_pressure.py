"""Budgets, a full broker, and what happens on the way back."""

from __future__ import annotations

import signal

import redis

from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.entry import Entry
from earshot.streams.policy import Policy
from earshot.streams.port import Answer, Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.topic import Keys, partition_of
from tests.integration.streams.conftest import Chain, wait_until
from tests.integration.streams.stage import chain, topic_of

BODY = b"x" * 30_000


def test_a_stage_does_not_read_while_its_target_is_over_budget(stages: Chain) -> None:
    stages.start("first")
    partition, target = partition_of("d", 2), chain("a", "first", "b").target
    assert target is not None
    sequence = 0

    def is_full_to_the_brim() -> bool:
        nonlocal sequence
        entry = Entry("d", "s", sequence, body=BODY)
        answer = stages.streams.append(stages.source, entry).answer
        sequence += answer is Answer.OK
        return answer is Answer.FULL and stages.streams.fill(target, partition) >= 1.0

    # Nobody reads b: it fills to its budget, then a does, and then the producer is told.
    wait_until(is_full_to_the_brim, "a and b over budget")
    full_at = sequence
    stages.start("second")
    wait_until(lambda: stages.streams.fill(stages.source, partition) < 0.1, "a drained")
    stages.append("d", full_at, b"last")
    bodies = [d.entry.body for d in stages.collect("c", full_at + 1)["d"] if d.entry]
    assert len(bodies) == full_at + 1
    assert bodies[-1] == b"last first after-b"


def test_a_broker_at_maxmemory_drains(own_broker: EmbeddedBroker) -> None:
    # No budgets here: the limit of the broker itself is what is hit.
    policy = Policy(key_prefix="test", partitions=1)
    streams = RedisStreams(own_broker.url, policy)
    stage = Stage(topic_of("a", "first"), "first", topic_of("b", "after"))
    reader = streams.reader(stage, 0, "one")
    reader.join()
    client = redis.Redis.from_url(own_broker.url)
    client.config_set("maxmemory", "20mb")
    sequence = 0
    while True:
        appended = streams.append(stage.source, Entry("d", "s", sequence, body=BODY))
        if appended.answer is Answer.FULL:
            break
        sequence += 1
    assert sequence > 100
    handed_off = 0
    while deliveries := reader.read(10, 0):
        results = [
            (d.entry_id, Entry("d", "s", d.entry.sequence, body=b"small"))
            for d in deliveries
            if d.entry
        ]
        outcomes = reader.hand_off(results)
        assert {outcome.value for outcome in outcomes} == {"DONE"}
        handed_off += len(outcomes)
    reader.tend()
    assert handed_off == sequence
    assert streams.append(stage.source, Entry("d", "s", sequence, body=BODY)).answer is Answer.OK
    client.close()
    streams.close()


def test_an_entry_stays_pending_when_the_target_cannot_be_written(stages: Chain) -> None:
    partition = partition_of("d", 2)
    keys = Keys.of(topic_of("b"), partition, stages.prefix)
    client = redis.Redis.from_url(stages.broker.url)
    client.set(keys.stream, "not a stream")
    process = stages.start("first")
    stages.append("d", 0, b"0")
    source = stages.source
    wait_until(lambda: stages.streams.backlog(source, partition, "first").pending == 1, "pending")
    client.delete(keys.stream)
    client.close()
    assert [d.entry.body for d in stages.collect("b", 1)["d"] if d.entry] == [b"0 first"]
    assert process.poll() is None


def test_sigterm_ends_a_worker_in_order(stages: Chain) -> None:
    process = stages.start("first")
    stages.append("d", 0, b"0")
    stages.collect("b", 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
    client = redis.Redis.from_url(stages.broker.url)
    keys = Keys.of(stages.source, partition_of("d", 2), stages.prefix)
    consumers = client.xinfo_consumers(keys.stream, "first")
    client.close()
    assert consumers == []
