"""`earshot events --follow` as a process, against a real api."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import redis
from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker, free_port
from earshot.events.event import EventState, SoundEvent
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams
from tests.integration.api import conftest as api
from tests.integration.api.live_feed import Server, Writer, serving, wait_until
from tests.integration.cli.conftest import WITHIN_S

Start = Callable[..., "subprocess.Popen[str]"]
MakeEvent = Callable[..., SoundEvent]
Commit = Callable[[list[SoundEvent]], None]


class Follower:
    """`earshot events --follow`, and every line it writes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._collect, args=pair)
            for pair in ((process.stdout, self.lines), (process.stderr, self.errors))
        ]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _collect(stream: Iterator[str], lines: list[str]) -> None:
        for line in stream:
            lines.append(line.rstrip("\n"))

    @property
    def revisions(self) -> list[str]:
        objects = [json.loads(line) for line in self.lines]
        return [f"{each['event_id']}.{each['revision']}" for each in objects]

    def wait_for(self, num_lines: int) -> list[str]:
        wait_until(
            lambda: len(self.lines) >= num_lines, f"{num_lines} lines: {self.lines} {self.errors}"
        )
        return self.lines

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(WITHIN_S)
        self.close()
        return code

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def follow(earshot_process: Start) -> Iterator[Callable[..., Follower]]:
    running: list[Follower] = []

    def start(url: str, *words: str) -> Follower:
        running.append(Follower(earshot_process("events", "--follow", "--api", url, *words)))
        return running[-1]

    yield start
    for follower in running:
        follower.close()


def test_follow_goes_on_live_and_shows_no_revision_twice(
    follow: Callable[..., Follower],
    server: Server,
    commit: Commit,
    sound_event: MakeEvent,
    ended: Callable[[SoundEvent, int], SoundEvent],
    writer: Writer,
) -> None:
    started = sound_event(state=EventState.STARTED)
    commit([started])
    follower = follow(server.url, "--json")
    follower.wait_for(1)
    writer.write(started, ended(started, 9), sound_event(onset_s=50))
    follower.wait_for(3)
    assert follower.revisions == writer.revision_ids
    assert [json.loads(line)["state"] for line in follower.lines] == ["started", "ended", "ended"]
    assert follower.interrupt() == 130
    assert follower.errors == []


def test_follow_outlives_the_api_and_misses_nothing(
    follow: Callable[..., Follower],
    engine: Engine,
    redis_streams: RedisStreams,
    sound_event: MakeEvent,
    writer: Writer,
) -> None:
    port = free_port()
    with serving(engine, redis_streams, port=port) as server:
        follower = follow(server.url, "--json", "--limit", "0")
        wait_until(lambda: server.num_clients == 1, "the follower")
        writer.write(sound_event())
        follower.wait_for(1)
    wait_until(lambda: len(follower.errors) == 1, "a remark")
    writer.write(sound_event(onset_s=5), sound_event(onset_s=7))
    with serving(engine, redis_streams, port=port):
        follower.wait_for(3)
        writer.write(sound_event(onset_s=9))
        follower.wait_for(4)
        assert follower.interrupt() == 130
    assert follower.revisions == writer.revision_ids
    lost, again = follower.errors
    assert lost == "earshot: the API has ended the live feed; trying again"
    assert again == "earshot: the live feed goes on"


def test_follow_reads_again_what_an_emptied_broker_forgot(
    follow: Callable[..., Follower],
    engine: Engine,
    own_broker: EmbeddedBroker,
    policy: Policy,
    sound_event: MakeEvent,
    commit: Commit,
) -> None:
    now_s = int(datetime.now(UTC).timestamp()) - api.MIDNIGHT_NS // api.SECOND_NS
    streams = RedisStreams(own_broker.url, policy)
    writer = Writer(streams)
    with serving(engine, streams) as server:
        follower = follow(server.url, "--json", "--limit", "0")
        wait_until(lambda: server.num_clients == 1, "the follower")
        first = sound_event(onset_s=now_s)
        commit([first])
        writer.write(first)
        follower.wait_for(1)
        forgotten = sound_event(onset_s=now_s + 60)
        commit([forgotten])
        with redis.Redis.from_url(own_broker.url) as client:
            client.flushall()
        follower.wait_for(2)
        writer.write(first, forgotten, sound_event(onset_s=now_s + 90))
        follower.wait_for(3)
        assert follower.interrupt() == 130
    assert follower.revisions == [writer.revision_ids[0], *writer.revision_ids[2:]]
    (remark,) = follower.errors
    assert remark.startswith("earshot: the live feed begins anew (ahead); events since ")
    streams.close()
