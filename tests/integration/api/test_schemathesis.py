"""Requests made up from the OpenAPI document: none breaks the api, all answers are as told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker, free_port
from earshot.events.event import EventState, SoundEvent
from earshot.store.device_changes import put_device
from earshot.store.devices import Registration
from earshot.streams.redis_streams import RedisStreams
from tests.integration.api.live_feed import WITHIN_S, Writer, wait_until

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]

REPOSITORY = Path(__file__).resolve().parents[3]

# The same requests at every run. `/v1/stream` never ends by itself: of fewer requests, what it
# sends in a moment is looked at. Its schema is that of the whole body; the tool takes it for that
# of each message.
CONFIG = """
seed = 1
[generation]
deterministic = true
database = "none"
max-examples = 20
[checks]
enabled = false
not_a_server_error.enabled = true
status_code_conformance.enabled = true
content_type_conformance.enabled = true
response_headers_conformance.enabled = true
response_schema_conformance.enabled = true
unsupported_method.enabled = true
[phases]
stateful.enabled = false
[[operations]]
include-path = "/v1/stream"
request-timeout = 0.2
max-stream-events = 1
phases.coverage.enabled = false
checks.response_schema_conformance.enabled = false
"""


@pytest.fixture
def _known(
    engine: Engine, redis_streams: RedisStreams, commit: Commit, sound_event: MakeEvent
) -> None:
    """Events, a scene that reigns, a registered device, and an entry on the events stream."""
    put_device(engine, "kitchen", Registration("home", ("indoor", "pets")), "test")
    started = sound_event(onset_s=60, state=EventState.STARTED)
    scene = sound_event(label="Street", onset_s=1, state=EventState.STARTED)
    commit([sound_event(), sound_event(device="hall", label="Dog", onset_s=9), started])
    commit([replace(started, revision=2, state=EventState.UPDATED)])
    commit([replace(scene, category="scene", priority="")])
    Writer(redis_streams).write(sound_event())


@pytest.fixture
def api_log(tmp_path: Path) -> Path:
    return tmp_path / "api.log"


@pytest.fixture
def url(
    broker: EmbeddedBroker, redis_streams: RedisStreams, database_url: str, api_log: Path
) -> Iterator[str]:
    """The api as a process, without tokens; its model server is away."""
    ours = {
        "EARSHOT_API_PORT": "0",
        "EARSHOT_DATABASE_URL": database_url,
        "EARSHOT_REDIS_URL": broker.url,
        "EARSHOT_KEY_PREFIX": redis_streams.policy.key_prefix,
        "EARSHOT_PARTITIONS": str(redis_streams.policy.partitions),
        "EARSHOT_SERVING_TARGET": f"127.0.0.1:{free_port()}",
    }
    kept = {name: value for name, value in os.environ.items() if "EARSHOT" not in name}
    with api_log.open("wb") as log:
        command = [sys.executable, "-m", "services.api"]
        process = subprocess.Popen(command, cwd=REPOSITORY, env={**kept, **ours}, stderr=log)
    try:
        wait_until(lambda: "api listening" in api_log.read_text(), "the api")
        said = map(json.loads, api_log.read_text().splitlines())
        yield next(
            f"http://127.0.0.1:{line['port']}" for line in said if line["event"] == "api listening"
        )
        assert process.poll() is None, "it has ended"
    finally:
        process.terminate()
        process.wait(WITHIN_S)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.usefixtures("_known")
def test_every_answer_is_as_the_document_says_and_none_is_a_server_error(
    url: str, api_log: Path, tmp_path: Path
) -> None:
    config, document = tmp_path / "schemathesis.toml", f"{url}/openapi.json"
    config.write_text(CONFIG)
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", config, "run", document]
    ended = subprocess.run(
        [str(word) for word in command],
        cwd=tmp_path,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    paths = httpx.get(document).json()["paths"]
    num_operations = sum(len(operations) for operations in paths.values())
    assert re.search(rf"Tested: +{num_operations}\n", ended.stdout), ended.stdout
    assert "Traceback" not in api_log.read_text()
