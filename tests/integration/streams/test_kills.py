"""Each message once and in order, whatever dies."""

from __future__ import annotations

import random
import threading

import redis

from earshot.streams.topic import Keys, partition_of
from tests.integration.streams.conftest import Chain, wait_until

NUM_DEVICES, NUM_KILLS = 12, 32
BACKLOG_LIMIT = 400  # the producer keeps the workers busy, and no more


class Producer(threading.Thread):
    """Appends for every device in turn until told to stop; repeats some entries behind our back."""

    def __init__(self, chain: Chain) -> None:
        super().__init__()
        self.chain, self.stopped = chain, threading.Event()
        self.num_messages = self.num_duplicates = 0

    def run(self) -> None:
        chance, client = random.Random(7), redis.Redis.from_url(self.chain.broker.url)
        while not self.stopped.is_set():
            for number in range(NUM_DEVICES):
                device, sequence = f"device-{number}", self.num_messages
                self.chain.append(device, sequence, f"{device} {sequence}".encode())
                if chance.random() < 0.05:
                    self.duplicate(client, device, chance.randint(0, sequence))
            self.num_messages += 1
            if self.num_messages % 10 == 0:
                wait_until(lambda: self.chain.pending("a", "first") < BACKLOG_LIMIT, "less to do")
        client.close()

    def duplicate(self, client: redis.Redis, device: str, sequence: int) -> None:
        """What a producer without the append script might do: the same entry, added again."""
        keys = Keys.of(self.chain.source, partition_of(device, 2), self.chain.prefix)
        body = f"{device} {sequence}"
        client.xadd(
            keys.stream,
            {"device": device, "session": "s", "sequence": sequence, "flags": "", "body": body},
        )
        self.num_duplicates += 1


def test_each_message_once_and_in_order_over_two_stages_and_many_kills(stages: Chain) -> None:
    stages.join()
    for name in ("first", "second") * 2:
        stages.start(name)
    producer, chance = Producer(stages), random.Random(11)
    producer.start()
    for _ in range(NUM_KILLS):
        # Kill what holds entries, so that batches really are torn apart.
        index = chance.randrange(len(stages.processes))
        wait_until(lambda index=index: stages.holds_entries(index), "a process at work")
        stages.kill(index)
    producer.stopped.set()
    producer.join()
    ledger = stages.collect("c", NUM_DEVICES * producer.num_messages)
    wait_until(lambda: stages.pending("a", "first") == 0, "nothing pending in a")
    wait_until(lambda: stages.pending("b", "after-b") == 0, "nothing pending in b")
    assert producer.num_duplicates > 50
    assert len(ledger) == NUM_DEVICES
    for device, deliveries in ledger.items():
        bodies = [d.entry.body.decode() for d in deliveries if d.entry]
        assert bodies == [f"{device} {n} first after-b" for n in range(producer.num_messages)]


def test_nothing_is_lost_when_the_broker_is_killed_and_comes_back(own_stages: Chain) -> None:
    for name in ("first", "second"):
        own_stages.start(name)
    for sequence in range(300):
        if sequence in {100, 200}:
            own_stages.broker.kill()
            assert own_stages.broker.start()
        own_stages.append("d", sequence, str(sequence).encode())
    ledger = own_stages.collect("c", 300)
    bodies = [d.entry.body for d in ledger["d"] if d.entry]
    assert bodies == [f"{n} first after-b".encode() for n in range(300)]


def test_workers_join_again_when_the_broker_has_forgotten_everything(own_stages: Chain) -> None:
    own_stages.start("first")
    own_stages.append("d", 0, b"before")
    assert [d.entry.body for d in own_stages.collect("b", 1)["d"] if d.entry] == [b"before first"]
    client = redis.Redis.from_url(own_stages.broker.url)
    client.flushall()
    client.close()
    own_stages.append("d", 0, b"after")
    assert [d.entry.body for d in own_stages.collect("b", 1)["d"] if d.entry] == [b"after first"]
