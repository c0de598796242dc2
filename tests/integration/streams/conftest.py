"""Chains of stage processes, and a ledger of what came out at the end."""

from __future__ import annotations

import secrets
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis

from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.entry import Delivery, Entry
from earshot.streams.errors import BrokerAway
from earshot.streams.policy import Policy
from earshot.streams.port import Answer, Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.topic import Keys
from tests.integration.streams.stage import chain, topic_of

STAGE_FILE = Path(__file__).with_name("stage.py")
DEADLINE_S = 60.0


def wait_until(condition: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Polls a condition; fails the test when it has not come true by the deadline."""
    end_s = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end_s:
            pytest.fail(f"not within {deadline_s:g} s: {what}")
        time.sleep(0.01)


@dataclass
class Chain:
    """Streams a → b → c with as many processes per stage as a test starts."""

    broker: EmbeddedBroker
    prefix: str
    processes: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.policy = Policy(key_prefix=self.prefix, partitions=2, budget_bytes=20_000_000)
        self.streams = RedisStreams(self.broker.url, self.policy)
        self.source = chain("a", "first", "b").source
        self.client = redis.Redis.from_url(self.broker.url)

    def join(self) -> None:
        """Creates the groups of both stages, as the first worker of each would."""
        for stage in (chain("a", "first", "b"), chain("b", "after-b", "c")):
            for partition in range(2):
                self.streams.reader(stage, partition, "test").join()

    def start(self, name: str, dependency: Path | None = None) -> subprocess.Popen[bytes]:
        """Starts a process of the stage `first` (a → b) or `second` (b → c)."""
        path = {"first": ["a", "first", "b"], "second": ["b", "after-b", "c"]}[name]
        command = [sys.executable, str(STAGE_FILE), self.broker.url, self.prefix, *path]
        command += [str(dependency)] if dependency else []
        process = subprocess.Popen(command, process_group=0, stdout=subprocess.DEVNULL)
        self.processes.append((name, process))
        return process

    def kill(self, index: int) -> None:
        """SIGKILLs the process and starts another of its stage in its place."""
        name, process = self.processes.pop(index)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.start(name)

    def holds_entries(self, index: int) -> bool:
        """Whether entries are pending on the process' name at this moment."""
        name, process = self.processes[index]
        topic, group = {"first": ("a", "first"), "second": ("b", "after-b")}[name]
        for partition in range(2):
            stream = Keys.of(topic_of(topic), partition, self.prefix).stream
            for consumer in self.client.xinfo_consumers(stream, group):
                if f"-{process.pid}-" in consumer["name"].decode() and consumer["pending"]:
                    return True
        return False

    def append(self, device: str, sequence: int, body: bytes) -> None:
        """Appends one entry; tries again while the broker is away, as a producer does."""
        entry = Entry(device, "s", sequence, body=body)

        def is_there() -> bool:
            try:
                return self.streams.append(self.source, entry).answer in {Answer.OK, Answer.DUP}
            except BrokerAway:
                return False

        wait_until(is_there, f"entry {sequence} of {device} appended")

    def collect(self, target: str, expected: int) -> dict[str, list[Delivery]]:
        """Reads a target stream until it gave that many entries; per device, in stream order."""
        ledger: defaultdict[str, list[Delivery]] = defaultdict(list)
        stage = Stage(topic_of(target), "ledger")
        readers = [self.streams.reader(stage, partition, "ledger") for partition in range(2)]
        for reader in readers:
            reader.join()

        def is_complete() -> bool:
            for reader in readers:
                for delivery in reader.read(1000, 0):
                    assert delivery.entry is not None
                    ledger[delivery.entry.device_id].append(delivery)
            return sum(map(len, ledger.values())) >= expected

        wait_until(is_complete, f"{expected} entries in {target}")
        return ledger

    def pending(self, topic: str, group: str) -> int:
        """Entries of a group that are unread or pending, over all partitions."""
        backlogs = [self.streams.backlog(topic_of(topic), p, group) for p in range(2)]
        return sum(backlog.unread + backlog.pending for backlog in backlogs)

    def stop(self) -> None:
        """Ends every process."""
        for _, process in self.processes:
            process.kill()
            process.wait()
        self.streams.close()
        self.client.close()


@pytest.fixture
def stages(broker: EmbeddedBroker) -> Iterator[Chain]:
    """A chain on the shared broker."""
    running = Chain(broker, f"test:{secrets.token_hex(6)}")
    yield running
    running.stop()


@pytest.fixture
def own_stages(own_broker: EmbeddedBroker) -> Iterator[Chain]:
    """A chain on a broker of its own."""
    running = Chain(own_broker, "test:own")
    yield running
    running.stop()
