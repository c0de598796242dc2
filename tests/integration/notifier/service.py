"""The notifier as a process, started, killed and asked what it has done."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from earshot.contracts.messages import Prediction
from earshot.events.taxonomy import Taxonomy
from earshot.store.engine import open_engine, reading
from earshot.store.errors import StoreError
from earshot.store.tables import leases, revisions
from earshot.streams.port import Answer, Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import EVENTS, PREDICTIONS
from tests.integration.notifier.feeding import expected_bodies, write_taxonomy

DEADLINE_S = 60.0
SHORT_LEASE_S = 0.6


class Service:
    """`python -m services.notifier` on one partition of a real broker."""

    def __init__(
        self,
        streams: RedisStreams,
        broker_url: str,
        database_url: str,
        folder: Path,
        lease_s: float = SHORT_LEASE_S,
    ) -> None:
        self.streams, self.engine = streams, open_engine(database_url)
        self._log = (folder / "notifier.log").open("ab")
        self._environment = os.environ | {
            "EARSHOT_REDIS_URL": broker_url,
            "EARSHOT_KEY_PREFIX": streams.policy.key_prefix,
            "EARSHOT_PARTITIONS": str(streams.partitions),
            "EARSHOT_DATABASE_URL": database_url,
            "EARSHOT_MODELS_DIR": str(folder / "models"),
            "EARSHOT_MODEL": "toy",
            "EARSHOT_TAXONOMY_FILE": str(write_taxonomy(folder)),
            "EARSHOT_NOTIFIER_LEASE_S": str(lease_s),
            "EARSHOT_CLAIM_IDLE_S": str(lease_s / 2),
        }
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.notifier"],
            env=self._environment,
            stderr=self._log,
            process_group=0,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        self._log.close()
        self.engine.dispose()

    def restart(self) -> None:
        self.kill()
        self.start()

    def play(self, played: list[Prediction]) -> None:
        for message in played:
            answer = self.streams.append(PREDICTIONS, PREDICTIONS.encode(message)).answer
            assert answer is Answer.OK

    def wait_until(
        self, condition: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S
    ) -> None:
        """Polls a condition; fails the test when it has not come true by the deadline."""
        end_s = time.monotonic() + deadline_s
        while not condition():
            assert self.process.poll() is None, "the notifier ended"
            assert time.monotonic() < end_s, f"not within {deadline_s:g} s: {what}"
            time.sleep(0.01)

    def wait_for_events_of(self, played: list[Prediction]) -> None:
        """Plays, and waits for the first of what comes of it."""
        num_committed = len(self.committed())
        self.play(played)
        self.wait_until(lambda: len(self.committed()) > num_committed, "an event")

    def committed(self) -> list[str]:
        statement = select(revisions.c.body).order_by(revisions.c.position)
        try:
            with reading(self.engine) as connection:
                return list(connection.execute(statement).scalars())
        except StoreError:
            return []

    def sent(self) -> list[str]:
        # A group of its own each time: whatever was read before is read again.
        reader = self.streams.reader(Stage(EVENTS, secrets.token_hex(6)), 0, "test")
        reader.join()
        deliveries = reader.read(10_000, 0)
        return [delivery.entry.body.decode() for delivery in deliveries if delivery.entry]

    def is_active(self) -> bool:
        """Whether this process has the lease; its name says its number."""
        return f"-{self.process.pid}-" in self._lease().holder

    def epoch(self) -> int:
        return int(self._lease().epoch)

    def _lease(self) -> Row[*tuple[Any, ...]]:
        with reading(self.engine) as connection:
            return connection.execute(select(leases)).one()

    def is_done(self) -> bool:
        backlog = self.streams.backlog(PREDICTIONS, 0, PREDICTIONS.owner)
        return backlog.unread == backlog.pending == 0

    def check_done(self, played: list[Prediction], taxonomy: Taxonomy) -> None:
        """Waits for everything that comes of it; each revision is there once, and in order."""
        expected = expected_bodies(played, taxonomy)
        self.wait_until(lambda: len(self.sent()) >= len(expected), "everything sent")
        self.wait_until(self.is_done, "everything acknowledged")
        assert self.sent() == expected
        assert self.committed() == expected
