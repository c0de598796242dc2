"""A supervised system of its own, what is played into it, and what comes out."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

from earshot.broker import connect
from earshot.cli.demonstration.background import Background
from earshot.cli.demonstration.follow import Follower
from earshot.cli.supervisor.log import MergedLog
from earshot.cli.supervisor.supervise import supervisor_of
from earshot.cli.supervisor.system import System, service_command
from earshot.settings import StreamSettings
from earshot.store.engine import open_engine, reading
from earshot.store.tables import sessions
from earshot.streams.redis_streams import RedisStreams

DEADLINE_S = 90.0
BUDGET_MB = 256
# What killed processes held.
TAKEN_OVER_SOON = {"EARSHOT_CLAIM_IDLE_S": "1", "EARSHOT_NOTIFIER_LEASE_S": "2"}


def wait_until(condition: Callable[[], object], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Polls a condition; fails the test when it has not come true by the deadline."""
    end_s = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < end_s, f"not within {deadline_s:g} s: {what}"
        time.sleep(0.02)


@dataclass(frozen=True)
class Outcome:
    """All that an event says, but for the time of day and what follows from the session's id."""

    label: str
    onset_sample: int
    offset_sample: int
    revision: int
    state: str
    peak_score: float
    mean_score: float
    level_dbfs: float

    def is_same_as(self, other: Outcome) -> bool:
        exact = ("label", "onset_sample", "offset_sample", "revision", "state")
        close = ("peak_score", "mean_score", "level_dbfs")
        return all(getattr(self, name) == getattr(other, name) for name in exact) and all(
            abs(getattr(self, name) - getattr(other, name)) < 1e-3 for name in close
        )


Outcomes = Mapping[str, Sequence[Outcome]]


def assert_same(outcomes: Outcomes, expected: Outcomes) -> None:
    assert set(outcomes) == set(expected)
    for place, events in expected.items():
        found = outcomes[place]
        pairs = zip(found, events, strict=False)
        is_same = len(found) == len(events) and all(one.is_same_as(two) for one, two in pairs)
        assert is_same, f"{place}: {found} is not {events}"


class Live:
    """The system in the background. Every run of `play` has devices of its own."""

    def __init__(self, folder: Path) -> None:
        self._log = io.StringIO()
        self._system = System.on_free_ports(folder, BUDGET_MB)
        self.api_url = self._system.addresses["api_url"]
        specs = [
            replace(spec, environment={**spec.environment, **TAKEN_OVER_SOON})
            for spec in self._system.specs()
        ]
        self.supervisor = supervisor_of(self._system, specs, MergedLog(self._log, is_json=True))
        self.background = Background(self.supervisor)
        settings = StreamSettings(
            redis_url=self._system.addresses["redis_url"], stream_budget_mb=BUDGET_MB
        )
        self._settings = settings
        self._engine = open_engine(f"sqlite:///{folder / 'earshot.db'}")
        self._players: list[subprocess.Popen[bytes]] = []
        self._client = httpx.Client(base_url=self.api_url, timeout=5)

    @property
    def log(self) -> str:
        return self._log.getvalue()

    def __enter__(self) -> Live:
        self.background.__enter__()
        wait_until(self._is_ready, f"the api is ready\n{self.log}")
        return self

    def __exit__(self, *_: object) -> None:
        for player in self._players:
            player.kill()
            player.wait()
        self._engine.dispose()
        self._client.close()
        self.background.__exit__(None, None, None)

    def streams(self) -> RedisStreams:
        return connect(self._settings)

    def pid(self, name: str) -> int:
        return self.supervisor.processes.get(name, 0)

    def kill(self, name: str) -> int:
        """Kills the process that has the name; returns the id it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def play(self, run: str, recordings: Sequence[Path], speed: str = "max") -> None:
        """Starts a capture process for each recording, as device `<run>.<name of the file>`."""
        environment = {**os.environ, **self._system.environment}
        for path in recordings:
            options = ["--device", f"{run}.{path.stem}", "--speed", speed, str(path)]
            command = [*service_command("capture"), *options]
            self._players.append(
                subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
            )

    def stop_playing(self) -> None:
        """Tells whatever plays to end its session here."""
        for player in self._players:
            player.terminate()

    def num_worked_off(self, run: str) -> int:
        """Messages of a run that are in the database."""
        last, device = sessions.c.last_sequence, sessions.c.device_id
        statement = select(func.sum(last + 1)).where(device.startswith(f"{run}.", autoescape=True))
        with reading(self._engine) as connection:
            return connection.execute(statement).scalar() or 0

    def finish(self) -> None:
        """Waits until all that is played has been played, and worked off."""
        for player in self._players:
            assert player.wait(DEADLINE_S) == 0
        self._players.clear()
        streams = self.streams()
        wait_until(Follower(streams).is_idle, f"all is worked off\n{self.log[-3000:]}")
        streams.close()

    def outcomes(self, run: str, recordings: Sequence[Path]) -> Outcomes:
        """What the api says about the devices of a run, by the name of the file."""
        wait_until(self._is_ready, "the api is ready")
        return {path.stem: self._outcomes(f"{run}.{path.stem}") for path in recordings}

    def _outcomes(self, device_id: str) -> list[Outcome]:
        response = self._client.get("/v1/events", params={"device": device_id, "limit": 500})
        events: list[dict[str, Any]] = response.raise_for_status().json()["events"]
        names = Outcome.__dataclass_fields__
        outcomes = [Outcome(**{name: event[name] for name in names}) for event in events]
        return sorted(outcomes, key=lambda each: (each.onset_sample, each.label))

    def _is_ready(self) -> bool:
        self.background.check()
        try:
            return self._client.get("/readyz").is_success
        except httpx.HTTPError:
            return False
