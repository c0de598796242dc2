"""Each example runs as a process, as it is shown, against a real broker and a real api."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker
from earshot.events.event import EventState, SoundEvent
from earshot.streams.port import Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import EVENTS
from tests.integration.api import conftest as api
from tests.integration.api.live_feed import WITHIN_S, Writer, serving, wait_until

REPOSITORY = Path(__file__).resolve().parents[3]
EXAMPLES = REPOSITORY / "examples"
MakeEvent = Callable[..., SoundEvent]
Start = Callable[..., "Example"]

database_url, engine, sound_event = api.database_url, api.engine, api.sound_event


class Example:
    """A running example, and the lines it writes."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True, process_group=0
        )
        self._thread = threading.Thread(target=self._collect)
        self._thread.start()

    def _collect(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait_for(self, num_lines: int) -> list[str]:
        wait_until(lambda: len(self.lines) >= num_lines, f"{num_lines} lines: {self.lines}")
        return self.lines

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signals it and its children; returns its exit code."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        code = self.process.wait(WITHIN_S)
        self._thread.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def start(broker: EmbeddedBroker, redis_streams: RedisStreams) -> Iterator[Start]:
    """Starts an example with the settings of the test's own streams."""
    running: list[Example] = []
    kept = {name: value for name, value in os.environ.items() if "EARSHOT" not in name}
    ours = {
        "EARSHOT_REDIS_URL": broker.url,
        "EARSHOT_KEY_PREFIX": redis_streams.policy.key_prefix,
        "PYTHONUNBUFFERED": "1",
    }

    def begin(*command: str | Path, **environment: str) -> Example:
        running.append(Example(list(map(str, command)), kept | ours | environment))
        return running[-1]

    yield begin
    for example in running:
        example.stop(signal.SIGKILL)


@pytest.fixture
def writer(redis_streams: RedisStreams) -> Writer:
    return Writer(redis_streams)


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name} (apt-get install {package})")
    return found


def is_done(streams: RedisStreams, group: str) -> bool:
    backlog = streams.backlog(EVENTS, 0, group)
    return backlog.unread == backlog.pending == 0


def test_the_bark_lamp_blinks_for_what_is_kept_and_what_comes(
    start: Start, writer: Writer, sound_event: MakeEvent, redis_streams: RedisStreams
) -> None:
    bark = sound_event(device="porch", label="Dog", peak_score=0.91, state=EventState.STARTED)
    writer.write(bark, sound_event(label="Music"))
    lamp = start(sys.executable, EXAMPLES / "01_bark_lamp.py")
    assert lamp.wait_for(1) == ["blink: porch 0.91"]
    writer.write(replace(bark, revision=2), sound_event(onset_s=5))
    assert lamp.wait_for(2) == ["blink: porch 0.91"] * 2
    wait_until(lambda: is_done(redis_streams, "bark-lamp"), "all acknowledged")
    assert lamp.stop() == 0
    (group,) = redis_streams.groups(EVENTS, 0)
    assert (group.name, group.consumers) == ("bark-lamp", ())


def test_redis_cli_alone_reads_everything_and_begins_with_what_it_did_not_acknowledge(
    start: Start, writer: Writer, sound_event: MakeEvent, redis_streams: RedisStreams
) -> None:
    program("redis-cli", "redis-tools")
    writer.write(*[sound_event(onset_s=n) for n in range(3)])
    crashed = redis_streams.reader(Stage(EVENTS, "shell"), 0, "terminal")
    crashed.join()
    assert len(crashed.read(2, 0)) == 2
    other = redis_streams.reader(Stage(EVENTS, "other"), 0, "c")
    other.join()

    reader = start(EXAMPLES / "02_redis_cli.sh", "shell")
    reader.wait_for(3)
    writer.write(sound_event(device="hall", onset_s=9))
    told = [json.loads(line) for line in reader.wait_for(4)]
    assert [each["id"] for each in told] == writer.revision_ids
    assert told[3]["data"]["device_id"] == "hall"
    wait_until(lambda: is_done(redis_streams, "shell"), "all acknowledged")
    reader.stop()

    writer.write(sound_event(onset_s=20))
    again = start(EXAMPLES / "02_redis_cli.sh", "shell")
    assert [json.loads(line)["id"] for line in again.wait_for(1)] == writer.revision_ids[4:]
    assert len(other.read(100, 0)) == 5  # nothing was taken from another group


def test_javascript_follows_the_api_and_remembers_where_it_was(
    start: Start,
    writer: Writer,
    sound_event: MakeEvent,
    redis_streams: RedisStreams,
    engine: Engine,
    tmp_path: Path,
) -> None:
    node = program("node", "nodejs")
    command = (node, EXAMPLES / "03_consumer.mjs", tmp_path / "position")
    with serving(engine, redis_streams) as server:
        consumer = start(*command, EARSHOT_API_URL=server.url)
        wait_until(lambda: (tmp_path / "position").is_file(), "where it begins")
        writer.write(sound_event(peak_score=0.9), sound_event(onset_s=5, peak_score=0.4))
        writer.write(sound_event(onset_s=9, peak_score=0.7))
        first, second = consumer.wait_for(2)
        assert first == f"{writer.revision_ids[0]} kitchen: Siren ended 0.90"
        assert second.startswith(writer.revision_ids[2])
        newest = str(redis_streams.tail(EVENTS, 0).extent().newest)
        wait_until(lambda: (tmp_path / "position").read_text() == newest, "its position")
        consumer.stop(signal.SIGKILL)

        writer.write(sound_event(onset_s=20, peak_score=0.8))
        again = start(*command, EARSHOT_API_URL=server.url)
        (line,) = again.wait_for(1)
        assert line.startswith(writer.revision_ids[3])
        again.stop(signal.SIGKILL)
