"""How long after its deciding patch an event is visible over REST."""

from __future__ import annotations

import statistics
import threading
import time
from contextlib import closing

from bench.devices import CYCLE_PATCHES, PATCH_S, Device, sound
from bench.row import Row
from bench.system import System, running
from earshot.audio.params import PATCH_HOP_SAMPLES
from earshot.broker import connect
from earshot.settings import StreamSettings

NUM_DEVICES = 50
NUM_PATCHES = 3 * CYCLE_PATCHES
POLL_S = 0.02


def measure() -> list[Row]:
    """Fifty devices hear a siren every 15 s, each at its own time; a client polls the events."""
    pcm = sound(NUM_PATCHES)
    with (
        running() as system,
        closing(connect(StreamSettings(redis_url=system.redis_url))) as streams,
    ):
        devices = [Device(streams, f"bench-{n}", pcm) for n in range(NUM_DEVICES)]
        live = threading.Thread(target=_live, args=(devices,))
        live.start()
        seen = _watch(system, live)
        by_name = {device.name: device for device in devices}
        delays_s = [
            at_s - by_name[name].appended_at_s[offset_sample // PATCH_HOP_SAMPLES - 1]
            for name, offset_sample, at_s in seen
        ]
    if len(delays_s) < NUM_DEVICES:
        raise RuntimeError(f"{len(delays_s)} events of {NUM_DEVICES} devices: nothing to measure")
    p95_s = statistics.quantiles(delays_s, n=20)[-1]
    what = f"event visible over REST after its deciding patch, {NUM_DEVICES} live devices"
    return [
        Row(f"{what}, p95 of {len(delays_s)}", p95_s * 1e3, "ms", 300, digits=0),
        Row(f"{what}, median", statistics.median(delays_s) * 1e3, "ms", digits=0),
    ]


def _live(devices: list[Device]) -> None:
    """Appends in real time, the devices spread evenly over the length of a patch."""
    started_s = time.monotonic()
    for patch in range(NUM_PATCHES):
        for index, device in enumerate(devices):
            due_s = started_s + (patch + index / len(devices)) * PATCH_S
            time.sleep(max(0.0, due_s - time.monotonic()))
            device.append()


def _watch(system: System, live: threading.Thread) -> list[tuple[str, int, float]]:
    """Polls until the devices are done; (device, end of the event when first seen, seen at)."""
    seen: dict[str, tuple[str, int, float]] = {}
    while live.is_alive():
        for event in system.get("/v1/events?limit=100&state=started")["events"]:
            offset_sample, now_s = event["offset_sample"], time.monotonic()
            seen.setdefault(event["event_id"], (event["device_id"], offset_sample, now_s))
        time.sleep(POLL_S)
    return list(seen.values())
