"""The live feed of the api as a process: a clean end, a restart, a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker
from earshot.events.event import SoundEvent
from earshot.streams.redis_streams import RedisStreams
from tests.integration.api import live_feed
from tests.integration.api.live_feed import Connect, Writer, wait_until

REPOSITORY = Path(__file__).resolve().parents[3]
MakeEvent = Callable[..., SoundEvent]


connect = live_feed.connect_to


def _start(database_url: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
    kept = {name: value for name, value in os.environ.items() if "EARSHOT" not in name}
    ours = {"EARSHOT_API_PORT": "0", "EARSHOT_DATABASE_URL": database_url, **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "services.api"],
        cwd=REPOSITORY,
        env={**kept, **ours},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        said = json.loads(line)
        if said["event"] == "api listening":
            return process, f"http://127.0.0.1:{said['port']}"
    raise AssertionError(f"ended with {process.wait()}")


def test_an_api_that_restarts_goes_on_where_each_client_was(
    broker: EmbeddedBroker,
    engine: Engine,
    database_url: str,
    redis_streams: RedisStreams,
    connect: Connect,
    sound_event: MakeEvent,
) -> None:
    writer = Writer(redis_streams)
    prefix = redis_streams.policy.key_prefix
    environment = {"EARSHOT_REDIS_URL": broker.url, "EARSHOT_KEY_PREFIX": prefix}
    process, url = _start(database_url, **environment)
    try:
        client = connect(url).wait_ready()
        writer.write(sound_event())
        client.wait_for(1)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, client.close() and client.ended) == (0, "cleanly")
        assert "Cancel" not in errors
        assert "Traceback" not in errors
    finally:
        process.kill()
        process.communicate()
    writer.write(sound_event(onset_s=5))
    process, url = _start(database_url, **environment)
    try:
        again = connect(url, client.last_id)
        writer.write(sound_event(onset_s=9))
        assert again.wait_for(2) == writer.revision_ids[1:]
        process.kill()  # without a word
        wait_until(lambda: bool(again.ended), "the end")
        assert again.ended != "cleanly"
    finally:
        process.kill()
        process.communicate()
