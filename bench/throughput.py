"""How fast a recording becomes events, through the live system."""

from __future__ import annotations

import time
from contextlib import closing

from bench.devices import PATCH_S, Device, sound
from bench.row import Row
from bench.system import running, wait_until
from earshot.broker import connect
from earshot.settings import StreamSettings
from earshot.topics import AUDIO, EMBEDDINGS, PREDICTIONS

NUM_DEVICES = 8
PATCHES_PER_DEVICE = 960
PATCHES_PER_CHUNK = 10


def measure() -> list[Row]:
    """Plays two hours of sound, eight devices at once, as fast as the system takes it."""
    pcm = sound(PATCHES_PER_DEVICE)
    with (
        running() as system,
        closing(connect(StreamSettings(redis_url=system.redis_url))) as streams,
    ):
        devices = [Device(streams, f"bench-{n}", pcm) for n in range(NUM_DEVICES)]
        started_s = time.monotonic()
        for _ in range(PATCHES_PER_DEVICE // PATCHES_PER_CHUNK):
            for device in devices:
                device.append(PATCHES_PER_CHUNK)
        for device in devices:
            device.append(0, is_last=True)

        def is_done() -> bool:
            for topic in (AUDIO, EMBEDDINGS, PREDICTIONS):
                for partition in range(streams.partitions):
                    backlog = streams.backlog(topic, partition, topic.owner)
                    if backlog.unread or backlog.pending:
                        return False
            return True

        wait_until(is_done, "the last event", 600)
        taken_s = time.monotonic() - started_s
        heard_s = NUM_DEVICES * PATCHES_PER_DEVICE * PATCH_S
    return [
        Row(
            "recording → events, live system, vggish-compact",
            heard_s / taken_s,
            "× real time",
            100,
            at_most=False,
            digits=0,
        )
    ]
