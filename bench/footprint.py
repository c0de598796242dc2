"""How much memory the services take, and how soon a classifier is ready."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from contextlib import closing

from bench.devices import Device, sound
from bench.row import Row
from bench.system import System, consumers, running, wait_until
from earshot.broker import connect
from earshot.settings import StreamSettings

BARS_MB = {"classifier": 90.0, "api": 120.0, "notifier": 120.0}
STARTS = 5


def measure() -> list[Row]:
    """Looks at every process after some work, and starts classifiers."""
    with (
        running() as system,
        closing(connect(StreamSettings(redis_url=system.redis_url))) as streams,
    ):
        devices = [Device(streams, f"bench-{n}", sound(64)) for n in range(8)]
        for _ in range(64):
            for device in devices:
                device.append()
        wait_until(lambda: len(system.get("/v1/events?limit=8")["events"]) == 8, "events")
        rows = [
            Row(f"resident memory, {name}", mb, "MB", BARS_MB.get(name.split("-")[0]), digits=0)
            for name, mb in sorted(system.rss_mb().items())
        ]
        starts_s = [_ready_s(system) for _ in range(1 + STARTS)][1:]  # the first is a warm-up
    return [*rows, Row("classifier replica, start to ready", statistics.median(starts_s), "s", 1.0)]


def _ready_s(system: System) -> float:
    """From the start of the process until it reads its last partition."""
    stream = f"earshot:v1:{{p{StreamSettings().partitions - 1:02d}}}:embeddings"
    before = set(consumers(system.redis_url, stream, "classifier"))
    environment = {**os.environ, "EARSHOT_REDIS_URL": system.redis_url}
    environment["EARSHOT_SERVING_TARGET"] = system.facts["serving_target"]
    started_s = time.monotonic()
    command = [sys.executable, "-m", "services.classifier"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(
            lambda: not set(consumers(system.redis_url, stream, "classifier")) <= before, "a reader"
        )
        return time.monotonic() - started_s
    finally:
        process.terminate()
        process.wait(30)
