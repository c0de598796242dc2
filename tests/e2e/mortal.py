"""Notifier, api, broker and database, each of which can be struck at any time and goes on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import psycopg
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select

from earshot.embedded_broker import EmbeddedBroker, free_port
from earshot.store.engine import open_engine, reading, writing
from earshot.store.errors import StoreUnavailable
from earshot.store.tables import revisions, sessions
from earshot.streams.errors import BrokerAway
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import PREDICTIONS

LEASE_S, CLAIM_IDLE_S = 1.0, 0.5
HEARTBEAT_S = 0.5
CUTS, CUT_APART_S = 10, 0.03


class Service:
    """A service's process, and the file that its log goes to, over all restarts."""

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str]) -> None:
        self._name, self.log = name, folder / f"{name}.log"
        self._environment = {**os.environ, **environment}
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", f"services.{self._name}"],
                env=self._environment,
                stderr=log,
                process_group=0,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        assert self.process.poll() is None, f"{self._name} ended by itself: {self.log}"
        self.kill()
        self.start()


class Mortal:
    """Everything from the predictions to the live feed, in processes of its own.

    Args:
        folder: With `models` and `taxonomy.yaml` in it; takes broker, database and logs.
        database_url: Of an empty database.
        num_partitions: P.
    """

    def __init__(self, folder: Path, database_url: str, num_partitions: int = 4) -> None:
        self.broker = EmbeddedBroker(folder / "broker")
        self.streams = RedisStreams(self.broker.url, Policy(partitions=num_partitions))
        self.engine = open_engine(database_url)
        api_port, metrics_port = free_port(), free_port()
        self.api_url = f"http://127.0.0.1:{api_port}"
        self.metrics_url = f"http://127.0.0.1:{metrics_port}/metrics"
        self._client = httpx.Client(timeout=30)  # one: to make it costs more than to ask
        common = {
            "EARSHOT_REDIS_URL": self.broker.url,
            "EARSHOT_DATABASE_URL": database_url,
            "EARSHOT_TAXONOMY_FILE": str(folder / "taxonomy.yaml"),
        }
        of_notifier = {
            "EARSHOT_PARTITIONS": str(num_partitions),
            "EARSHOT_MODELS_DIR": str(folder / "models"),
            "EARSHOT_MODEL": "foreseen",
            "EARSHOT_NOTIFIER_LEASE_S": str(LEASE_S),
            "EARSHOT_CLAIM_IDLE_S": str(CLAIM_IDLE_S),
            "EARSHOT_METRICS_PORT": str(metrics_port),
        }
        of_api = {
            "EARSHOT_API_PORT": str(api_port),
            "EARSHOT_API_STREAM_HEARTBEAT_S": str(HEARTBEAT_S),
        }
        self.notifier = Service("notifier", folder, common | of_notifier)
        self.api = Service("api", folder, common | of_api)

    def close(self) -> None:
        for service in (self.api, self.notifier):
            service.kill()
        self.streams.close()
        self._client.close()
        self.broker.kill()
        self.engine.dispose()

    def strike(self, part: str) -> None:
        """Kills a part and starts it again at once."""
        strikes: dict[str, Callable[[], None]] = {
            "notifier": self.notifier.restart,
            "api": self.api.restart,
            "broker": self._restart_broker,
            "database connection": self._cut_database,
        }
        strikes[part]()

    def is_ready(self) -> bool:
        try:
            return self._client.get(f"{self.api_url}/readyz").is_success
        except httpx.HTTPError:
            return False

    def num_worked_off(self) -> int:
        """Predictions in the database; 0 while it has no tables or no connection."""
        try:
            with reading(self.engine) as connection:
                statement = select(func.sum(sessions.c.last_sequence + 1))
                return connection.execute(statement).scalar() or 0
        except StoreUnavailable:
            return 0

    def committed(self, partition: int) -> list[str]:
        """Bodies of a partition's revisions, by position."""
        mine = revisions.c.partition == partition
        statement = select(revisions.c.body).where(mine).order_by(revisions.c.position)
        with reading(self.engine) as connection:
            return list(connection.execute(statement).scalars())

    def events(self) -> list[dict[str, Any]]:
        """The newest revision of each event, as the api tells."""
        query: dict[str, str | int] = {"limit": 500, "suppressed": "any"}
        response = self._client.get(f"{self.api_url}/v1/events", params=query)
        return list(response.raise_for_status().json()["events"])

    def is_idle(self) -> bool:
        """Whether every prediction is acknowledged."""
        partitions = range(self.streams.partitions)
        try:
            found = [self.streams.backlog(PREDICTIONS, p, PREDICTIONS.owner) for p in partitions]
        except BrokerAway:
            return False
        return all(backlog.unread == backlog.pending == 0 for backlog in found)

    def counted(self, name: str) -> float:
        """A counter of the notifier that runs now, over all its labels; 0 while it starts."""
        try:
            page = self._client.get(self.metrics_url).raise_for_status().text
        except httpx.HTTPError:
            return 0.0
        samples = [
            each for family in text_string_to_metric_families(page) for each in family.samples
        ]
        return sum(each.value for each in samples if each.name == f"earshot_{name}_total")

    def _restart_broker(self) -> None:
        self.broker.kill()
        assert self.broker.start()

    def _cut_database(self) -> None:
        """PostgreSQL ends every session, again and again; SQLite is locked for too long."""
        if self.engine.dialect.name == "sqlite":
            with writing(self.engine):
                time.sleep(1.5 * LEASE_S)
            return
        cut_all = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        url = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        num_cut = 0
        with psycopg.connect(url, autocommit=True) as connection:
            for _ in range(CUTS):
                row = connection.execute(cut_all).fetchone()
                num_cut += row[0] if row else 0
                time.sleep(CUT_APART_S * random.random())
        assert num_cut
