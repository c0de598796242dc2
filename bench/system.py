"""The live system, started as a user starts it, and what its processes cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

READY_WITHIN_S = 60.0
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass
class System:
    """A running `earshot up`."""

    data_dir: Path

    @property
    def facts(self) -> dict[str, Any]:
        """What it says about itself."""
        return dict(json.loads((self.data_dir / "up.json").read_text()))

    @property
    def redis_url(self) -> str:
        """Its broker."""
        return str(self.facts["redis_url"])

    def get(self, path: str) -> Any:
        """Asks the api."""
        with urllib.request.urlopen(self.facts["api_url"] + path, timeout=10) as reply:
            return json.load(reply)

    def cpu_s(self, *names: str) -> float:
        """Seconds of CPU its processes have used; those named, or all."""
        pids = self.facts["processes"].items()
        return sum(cpu_s(pid) for name, pid in pids if not names or name.split("-")[0] in names)

    def rss_mb(self) -> dict[str, float]:
        """Resident memory of each process."""
        return {name: rss_mb(pid) for name, pid in self.facts["processes"].items()}


@contextmanager
def running(*options: str) -> Iterator[System]:
    """Starts the system in a folder of its own, waits until it is ready, and ends it."""
    with tempfile.TemporaryDirectory() as name:
        system = System(Path(name))
        command = [sys.executable, "-m", "earshot.cli", "up", "--data-dir", name, *options]
        with (system.data_dir / "up.log").open("w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_until(lambda: _is_ready(system), "the system to be ready")
            yield system
        finally:
            process.terminate()
            process.wait(30)


def wait_until(condition: Callable[[], bool], what: str, within_s: float = READY_WITHIN_S) -> None:
    """Polls until it is so."""
    end_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > end_s:
            raise TimeoutError(f"waited {within_s:g} s for {what}")
        time.sleep(0.005)


def cpu_s(pid: int) -> float:
    """User and system time of a process so far; 14th and 15th field of proc(5)'s stat."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def rss_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def consumers(url: str, stream: str, group: str) -> list[str]:
    """Names of a group's consumers; none while the stream does not exist."""
    client = redis.Redis.from_url(url)
    try:
        return [each["name"].decode() for each in client.xinfo_consumers(stream, group)]
    except redis.ResponseError:
        return []
    finally:
        client.close()


def _is_ready(system: System) -> bool:
    try:
        system.get("/readyz")
    except (OSError, ValueError, KeyError):
        return False
    stages = {"audio": "features", "embeddings": "classifier", "predictions": "notifier"}
    for topic, group in stages.items():
        if not consumers(system.redis_url, f"earshot:v1:{{p00}}:{topic}", group):
            return False
    return True
