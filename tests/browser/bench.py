"""A real api process over a real broker and database, and what devices make it tell of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import redis
from prometheus_client import CollectorRegistry

from earshot.contracts.messages import Prediction
from earshot.events.event import SoundEvent
from earshot.events.taxonomy_file import load_taxonomy
from earshot.model_labels import ModelLabels
from earshot.store.engine import open_engine
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.progress import NO_SEQUENCE, Progress, Step
from earshot.streams.policy import Policy
from earshot.streams.port import Answer
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import PREDICTIONS
from services.notifier.metrics import NotifierMetrics
from services.notifier.notifier import Notifier
from services.notifier.relay import Relay

REPOSITORY = Path(__file__).parents[2]
DEADLINE_S = 60.0
LONG_S = 3600.0  # no lease ends within a test
COMMITTED = 1  # partition of the events that are made directly; the notifier follows 0


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Polls a condition; fails the test when it has not come true by the deadline."""
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s, f"not within {DEADLINE_S:g} s: {what}"
        time.sleep(0.02)


class Bench:
    """The api as a process, and the notifier's own code to feed it.

    Args:
        folder: For the database and the log.
        broker_url: A broker that others may use, too: all keys are below `key_prefix`.
        key_prefix: First part of every key.
        environment: Further settings of the api.
    """

    def __init__(
        self, folder: Path, broker_url: str, key_prefix: str, environment: dict[str, str]
    ) -> None:
        self.log = folder / "api.log"
        self._broker_url, self._key_prefix = broker_url, key_prefix
        database_url = f"sqlite:///{folder / 'earshot.db'}"
        self.engine = open_engine(database_url)
        migrate(self.engine)
        self.streams = RedisStreams(broker_url, Policy(key_prefix=key_prefix, partitions=1))
        self._metrics = NotifierMetrics(CollectorRegistry())
        self._notifier: Notifier | None = None
        self._ledger = Ledger(self.engine, COMMITTED)
        self._relay = Relay(self.streams, self._ledger, self._metrics)
        self._relay.start()
        self._environment = {
            **{name: value for name, value in os.environ.items() if "EARSHOT" not in name},
            "EARSHOT_API_PORT": "0",
            "EARSHOT_DATABASE_URL": database_url,
            "EARSHOT_REDIS_URL": broker_url,
            "EARSHOT_KEY_PREFIX": key_prefix,
            "EARSHOT_PARTITIONS": "1",
            **environment,
        }
        self.start_api()

    def start_api(self) -> None:
        """Starts the api; again on the port it had."""
        with self.log.open("ab") as log:
            begin = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.api"],
                cwd=REPOSITORY,
                env=self._environment,
                stderr=log,
            )
        wait_until(lambda: bool(self._port(begin)), f"the api listens: {self.log}")
        self._environment["EARSHOT_API_PORT"] = port = self._port(begin)
        self.url = f"http://127.0.0.1:{port}"
        wait_until(self._is_ready, "the api is ready")

    def kill_api(self) -> None:
        """As a crash would: without a word."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Ends all that was started."""
        self.kill_api()
        self.streams.close()
        self.engine.dispose()

    def commit(self, *revisions: SoundEvent) -> None:
        """Stores revisions in one transaction and relays them, as the notifier does."""
        keys = sorted({(event.device_id, event.session_id) for event in revisions})
        known = self._ledger.progress(keys)
        steps = []
        for key in keys:
            last = known[key].last_sequence if key in known else NO_SEQUENCE
            newest_ns = max(e.offset_at_ns for e in revisions if e.device_id == key[0])
            steps.append(Step(key, last, Progress(last + 1, {}), newest_ns))
        self._ledger.commit(steps, revisions)
        self._relay.catch_up()

    def empty_broker(self) -> None:
        """Takes from the broker all that is of this bench, as a restart without its files does."""
        with redis.Redis.from_url(self._broker_url) as client:
            client.delete(*client.keys(f"{self._key_prefix}:*"))

    def send(self, predictions: Sequence[Prediction]) -> None:
        """Appends predictions, as the classifier does."""
        for prediction in predictions:
            entry = PREDICTIONS.encode(prediction)
            assert self.streams.append(PREDICTIONS, entry).answer is Answer.OK

    def hear(self, predictions: Sequence[Prediction]) -> None:
        """Sends predictions and has a notifier work them off: events, scenes, standings."""
        self.send(predictions)
        if self._notifier is None:
            self._notifier = Notifier(
                self.streams,
                self.engine,
                load_taxonomy(REPOSITORY / "config" / "taxonomy.yaml"),
                ModelLabels(REPOSITORY / "models").gathering,
                self._metrics,
                LONG_S,
            )
        self._notifier.run_until_idle()

    def _port(self, begin: int) -> str:
        assert self.process.poll() is None, self.log.read_text()
        for line in self.log.read_bytes()[begin:].splitlines(keepends=True):
            said = json.loads(line) if line.endswith(b"\n") and line.startswith(b"{") else {}
            if said.get("event") == "api listening":
                return str(said["port"])
        return ""

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").is_success
        except httpx.HTTPError:
            return False

    @property
    def host(self) -> str:
        """The only host that pages may ask."""
        return urlsplit(self.url).netloc
