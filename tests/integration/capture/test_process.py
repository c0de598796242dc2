from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from earshot.contracts.messages import AudioChunk
from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.port import Reader, Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import AUDIO
from services.capture.player import has_ended
from services.capture.sources.recording import Recording

DEADLINE_S = 30.0


class Capture:
    """Capture processes on the test's own key prefix, and what they appended."""

    def __init__(self, broker: EmbeddedBroker, streams: RedisStreams) -> None:
        self._environment = {
            **{key: value for key, value in os.environ.items() if "EARSHOT_" not in key},
            "EARSHOT_REDIS_URL": broker.url,
            "EARSHOT_KEY_PREFIX": streams.policy.key_prefix,
            "EARSHOT_PARTITIONS": "1",
        }
        self._reader: Reader = streams.reader(Stage(AUDIO, "test"), 0, "test")
        self._reader.join()
        self._processes: list[subprocess.Popen[str]] = []
        self.chunks: list[AudioChunk] = []

    def start(self, *words: str | Path, **settings: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.capture", "--device", "kitchen", *map(str, words)],
            env={**self._environment, **settings},
            stderr=subprocess.PIPE,
            text=True,
        )
        self._processes.append(process)
        return process

    def finish(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        """Waits for the process; returns its exit code and what it wrote to standard error."""
        _, errors = process.communicate(timeout=DEADLINE_S)
        return process.returncode, errors

    def read(self) -> list[AudioChunk]:
        """Everything that was appended so far."""
        while deliveries := self._reader.read(100, 0):
            for delivery in deliveries:
                assert delivery.entry is not None
                self.chunks.append(AUDIO.decode(delivery.entry))
        return self.chunks

    def wait_for(self, num_chunks: int) -> None:
        deadline_s = time.monotonic() + DEADLINE_S
        while len(self.read()) < num_chunks:
            assert time.monotonic() < deadline_s, f"{len(self.chunks)} of {num_chunks} chunks"
            time.sleep(0.01)

    def kill(self) -> None:
        for process in self._processes:
            process.kill()
            process.communicate()


@pytest.fixture
def capture(broker: EmbeddedBroker, redis_streams: RedisStreams) -> Iterator[Capture]:
    running = Capture(broker, redis_streams)
    yield running
    running.kill()


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "noise.wav"
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, (20 * 48_000, 2))
    soundfile.write(path, samples, 48_000)
    return path


def test_a_recording_goes_into_the_topic_whole_and_ends(capture: Capture, sound: Path) -> None:
    code, errors = capture.finish(capture.start("--speed", "max", sound))
    assert code == 0, errors
    *sounding, end = capture.read()
    assert [chunk.header.sequence for chunk in capture.chunks] == list(range(21))
    assert has_ended(end)
    pcm = np.concatenate(list(Recording.open(sound).pcm()))
    heard = [chunk.pcm[:15_360] for chunk in sounding]
    assert np.array_equal(np.concatenate(heard), pcm[: 20 * 15_360])
    assert '"event": "played"' in errors


def test_a_termination_ends_the_session_and_the_process(capture: Capture, sound: Path) -> None:
    process = capture.start("--loop", "--speed", "5", sound)
    capture.wait_for(3)
    process.send_signal(signal.SIGTERM)
    code, errors = capture.finish(process)
    assert code == 0, errors
    last = capture.read()[-1]
    assert has_ended(last)
    assert last.header.first_sample < 20 * 16_000
    assert '"event": "stopped"' in errors


def test_a_broker_that_goes_away_is_waited_for(
    own_broker: EmbeddedBroker, redis_streams: RedisStreams, sound: Path
) -> None:
    streams = RedisStreams(own_broker.url, redis_streams.policy)
    capture = Capture(own_broker, streams)
    process = capture.start("--speed", "10", sound)
    try:
        capture.wait_for(3)
        own_broker.stop()  # in order: it keeps what it answered
        assert own_broker.start()
        code, errors = capture.finish(process)
        assert code == 0, errors
        assert [chunk.header.sequence for chunk in capture.read()] == list(range(21))
    finally:
        capture.kill()
        streams.close()


def test_bad_files_are_named_and_the_others_played(
    capture: Capture, sound: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.wav").write_text("not a sound")
    code, errors = capture.finish(capture.start("--speed", "max", tmp_path / "text.wav", sound))
    assert code == 2
    (refusal,) = [line for line in errors.splitlines() if "refused" in line]
    assert "text.wav" in refusal
    assert "not readable as WAV, FLAC, OGG or MP3" in refusal
    assert "Traceback" not in errors
    assert len(capture.read()) == 21


def test_a_wrong_setting_stops_the_start(capture: Capture, sound: Path) -> None:
    process = capture.start(sound, EARSHOT_CAPTURE_PATCHES_PER_CHUNK="0")
    code, errors = capture.finish(process)
    assert code == 2
    assert errors.startswith("EARSHOT_CAPTURE_PATCHES_PER_CHUNK='0': must be a whole number")
    assert len(errors.splitlines()) == 1
