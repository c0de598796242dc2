"""What a device costs, with few of them and with many."""

from __future__ import annotations

import time
from contextlib import closing

from bench.devices import CYCLE_PATCHES, PATCH_S, Device, sound
from bench.row import Row
from bench.system import running
from earshot.broker import connect
from earshot.settings import StreamSettings

FEW, MANY = 10, 200
WARM_PATCHES, COUNTED_PATCHES = 4, CYCLE_PATCHES


def measure() -> list[Row]:
    """Compares the CPU time of all processes per device, live, one system after the other."""
    few, many = (_cpu_ms_per_patch(num_devices) for num_devices in (FEW, MANY))
    return [
        Row(f"cost per device at {MANY} devices against {FEW}", many / few, "×", 1.1),
        Row(f"CPU per device and second of sound at {MANY}", many / PATCH_S, "ms"),
    ]


def _cpu_ms_per_patch(num_devices: int) -> float:
    pcm = sound(WARM_PATCHES + COUNTED_PATCHES)
    with (
        running() as system,
        closing(connect(StreamSettings(redis_url=system.redis_url))) as streams,
    ):
        devices = [Device(streams, f"bench-{n}", pcm) for n in range(num_devices)]
        started_s, before_s = time.monotonic(), 0.0
        for patch in range(WARM_PATCHES + COUNTED_PATCHES):
            if patch == WARM_PATCHES:
                before_s = system.cpu_s()
            for index, device in enumerate(devices):
                due_s = started_s + (patch + index / num_devices) * PATCH_S
                time.sleep(max(0.0, due_s - time.monotonic()))
                device.append()
        return (system.cpu_s() - before_s) / (num_devices * COUNTED_PATCHES) * 1e3
