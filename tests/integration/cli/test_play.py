from __future__ import annotations

import json
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from earshot.contracts.messages import AudioChunk
from earshot.embedded_broker import EmbeddedBroker, free_port
from earshot.streams.policy import Policy
from earshot.streams.port import Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import AUDIO
from services.capture.player import has_ended
from services.capture.sources.recording import Recording
from tests.integration.cli.conftest import WITHIN_S, Earshot, Ended

Start = Callable[..., "subprocess.Popen[str]"]


class Topic:
    """The audio topic on a broker, under a prefix of the test's own."""

    def __init__(self, broker: EmbeddedBroker) -> None:
        policy = Policy(key_prefix=f"test:{secrets.token_hex(6)}", partitions=1)
        self.streams = RedisStreams(broker.url, policy)
        self.environment = {
            "EARSHOT_KEY_PREFIX": policy.key_prefix,
            "EARSHOT_PARTITIONS": "1",
        }
        self._reader = self.streams.reader(Stage(AUDIO, "test"), 0, "test")
        self._reader.join()
        self.chunks: list[AudioChunk] = []

    def read(self) -> list[AudioChunk]:
        while deliveries := self._reader.read(100, 0):
            entries = [delivery.entry for delivery in deliveries]
            self.chunks += [AUDIO.decode(entry) for entry in entries if entry is not None]
        return self.chunks

    def wait_for(self, num_chunks: int) -> None:
        deadline_s = time.monotonic() + WITHIN_S
        while len(self.read()) < num_chunks:
            assert time.monotonic() < deadline_s, f"{len(self.chunks)} of {num_chunks} chunks"
            time.sleep(0.01)


@pytest.fixture
def topic(broker: EmbeddedBroker) -> Iterator[Topic]:
    topic = Topic(broker)
    yield topic
    topic.streams.close()


def ended(process: subprocess.Popen[str]) -> Ended:
    out, errors = process.communicate(timeout=WITHIN_S)
    assert "Traceback" not in errors
    return Ended(process.returncode, out, errors)


def test_a_recording_goes_into_the_system_that_runs_here(
    earshot_process: Start, broker: EmbeddedBroker, topic: Topic, tmp_path: Path, alarm_file: Path
) -> None:
    addresses = {"redis_url": broker.url, "api_url": "http://127.0.0.1:8080"}
    (tmp_path / "up.json").write_text(json.dumps(addresses))
    played = ended(
        earshot_process(
            "play", alarm_file, "--device", "kitchen", "--speed", "max",
            EARSHOT_DATA_DIR=str(tmp_path), **topic.environment,
        )
    )  # fmt: skip
    assert (played.code, played.errors) == (0, "")
    assert played.out == (
        "played 1 recording (12.0 s) as kitchen\n"
        "the events are at http://127.0.0.1:8080/v1/events?device=kitchen\n"
    )
    *sounding, end = topic.read()
    assert has_ended(end)
    assert {chunk.header.device_id for chunk in topic.chunks} == {"kitchen"}
    pcm = np.concatenate(list(Recording.open(alarm_file).pcm()))
    heard = np.concatenate([chunk.pcm[:15_360] for chunk in sounding])
    assert np.array_equal(heard, pcm[: heard.size])


def test_bad_files_are_refused_and_the_others_played(
    earshot_process: Start, broker: EmbeddedBroker, topic: Topic, tmp_path: Path, alarm_file: Path
) -> None:
    (tmp_path / "text.wav").write_text("not a sound")
    played = ended(
        earshot_process(
            "play", tmp_path, tmp_path / "absent.wav", alarm_file,
            "--device", "kitchen", "--speed", "max",
            EARSHOT_REDIS_URL=broker.url, **topic.environment,
        )
    )  # fmt: skip
    assert played.code == 2
    text, absent = played.errors.splitlines()
    assert text.startswith(f"earshot: {tmp_path}/text.wav: not readable as WAV")
    assert absent == f"earshot: {tmp_path}/absent.wav: no such file"
    assert played.out.startswith("played 1 recording (12.0 s) as kitchen\n")
    assert "the system's API: /v1/events?device=kitchen" in played.out
    assert len(topic.read()) == 13


def test_a_stop_ends_the_session_quietly(
    earshot_process: Start, broker: EmbeddedBroker, topic: Topic, alarm_file: Path
) -> None:
    process = earshot_process(
        "play", alarm_file, "--device", "kitchen", "--loop", "--speed", "20",
        EARSHOT_REDIS_URL=broker.url, **topic.environment,
    )  # fmt: skip
    topic.wait_for(16)  # into the second round
    process.send_signal(signal.SIGINT)
    assert ended(process) == Ended(130, "", "")
    assert has_ended(topic.read()[-1])
    assert len({chunk.header.session_id for chunk in topic.chunks}) >= 2


def test_a_broker_that_was_never_there_is_one_line(
    earshot_process: Start, tmp_path: Path, alarm_file: Path
) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    played = ended(
        earshot_process("play", alarm_file, "--device", "kitchen", EARSHOT_REDIS_URL=url)
    )
    assert (played.code, played.out) == (2, "")
    (line,) = played.errors.splitlines()
    assert line.startswith("earshot: the broker does not answer: ")


def test_a_system_that_is_gone_is_one_line(
    earshot_process: Start, tmp_path: Path, alarm_file: Path
) -> None:
    addresses = {"redis_url": f"redis://127.0.0.1:{free_port()}/0", "api_url": "http://x"}
    (tmp_path / "up.json").write_text(json.dumps(addresses))
    process = earshot_process(
        "play", alarm_file, "--device", "kitchen", EARSHOT_DATA_DIR=str(tmp_path)
    )
    played = ended(process)
    assert played.code == 2
    (line,) = played.errors.splitlines()
    assert line.endswith("; is `earshot up` still running?")


def test_a_broker_that_goes_away_is_waited_for(
    earshot_process: Start, own_broker: EmbeddedBroker, alarm_file: Path
) -> None:
    topic = Topic(own_broker)
    process = earshot_process(
        "play", alarm_file, "--device", "kitchen", "--speed", "8",
        EARSHOT_REDIS_URL=own_broker.url, **topic.environment,
    )  # fmt: skip
    topic.wait_for(3)
    own_broker.stop()
    assert process.stderr is not None
    assert process.stderr.readline().startswith("earshot: waiting for the broker: ")
    assert own_broker.start()
    assert ended(process).code == 0
    assert [chunk.header.sequence for chunk in topic.read()] == list(range(13))
    topic.streams.close()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--device", "a b"],
        ["--device", "x" * 129],
        ["--device", "kitchen", "--speed", "fast"],
        ["--device", "kitchen", "--speed", "0"],
        ["--device", "kitchen", "--speed", "inf"],
        ["--device", "kitchen", "--speed", "nan"],
    ],
)
def test_a_wrong_option_is_refused(earshot: Earshot, alarm_file: Path, words: list[str]) -> None:
    refused = earshot("play", alarm_file, *words)
    assert (refused.code, refused.out) == (2, "")
    assert refused.errors


def test_no_system_says_how_to_start_one(
    earshot: Earshot, alarm_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_DATA_DIR", str(tmp_path))
    refused = earshot("play", alarm_file, "--device", "kitchen")
    assert refused.code == 2
    assert refused.errors.startswith("earshot: no system to play into: start one with `earshot up`")
