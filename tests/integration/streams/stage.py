"""One stage of a chain as a process: what the fault tests start, kill and stop.

    python stage.py URL PREFIX SOURCE GROUP TARGET [DEPENDENCY_FILE]

A body `crash` ends the process, `error` raises, `bad` is a BadMessage; anything else gets the
group's name appended. With a dependency file, the handler needs that file to exist.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from prometheus_client import CollectorRegistry

from earshot.streams import BadMessage, DependencyAway, Entry, Topic
from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.policy import Policy
from earshot.streams.port import Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.worker import LoopOptions, Worker

OPTIONS = LoopOptions(batch_size=16, block_s=0.2, claim_idle_s=0.4, tend_every_s=0.2)


def same(entry: Entry) -> Entry:
    return entry


def topic_of(name: str, owner: str = "", budget_share: float = 0.0) -> Topic[Entry]:
    return Topic(name, same, same, owner=owner, budget_share=budget_share)


def chain(source: str, group: str, target: str) -> Stage:
    """A stage between two streams that it owns and feeds; c is the ledger's and has no budget."""
    target_share = 0.0 if target == "c" else 0.3
    return Stage(
        topic_of(source, group, 0.3), group, topic_of(target, f"after-{target}", target_share)
    )


def handle(entries: Sequence[Entry], group: str, dependency: Path | None) -> list[Entry]:
    if dependency is not None and not dependency.exists():
        raise DependencyAway("the test's dependency is away")
    results = []
    for entry in entries:
        if entry.body == b"crash":
            os._exit(9)
        if entry.body == b"error":
            raise RuntimeError("the handler's own error")
        if entry.body == b"bad":
            raise BadMessage("the handler does not like it")
        results.append(replace(entry, body=entry.body + b" " + group.encode()))
    return results


def main() -> None:
    url, prefix, source, group, target, *rest = sys.argv[1:]
    dependency = Path(rest[0]) if rest else None
    streams = RedisStreams(url, Policy(key_prefix=prefix, partitions=2, budget_bytes=20_000_000))
    worker = Worker(
        streams,
        chain(source, group, target),
        lambda entries: handle(entries, group, dependency),
        LoopMetrics(CollectorRegistry()),
        OPTIONS,
    )
    sys.exit(0 if worker.run() else 1)


if __name__ == "__main__":
    main()
