from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earshot.audio.mel import patches
from earshot.contracts.messages import AudioChunk
from earshot.streams.port import Appended
from services.capture.metrics import CaptureMetrics
from services.capture.playback import Playback
from services.capture.player import has_ended
from services.capture.sources.recording import Recording
from tests.unit.capture.conftest import AudioTopic, FakeTime

NOW_NS = 1_777_593_600_000_000_000


@pytest.fixture
def playback(topic: AudioTopic, fake_time: FakeTime, metrics: CaptureMetrics) -> Playback:
    return Playback(
        "kitchen", topic.append, fake_time, metrics, speed=None, clock_ns=lambda: NOW_NS
    )


def recording(folder: Path, name: str = "a.flac", duration_s: float = 5.0) -> Path:
    path = folder / name
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, int(duration_s * 44_100))
    soundfile.write(path, samples, 44_100)
    return path


def test_each_file_is_a_session_of_its_own(
    playback: Playback, topic: AudioTopic, tmp_path: Path
) -> None:
    paths = [recording(tmp_path, "a.wav"), recording(tmp_path, "b.flac", 2.0)]
    assert playback.play_all(paths) == []
    ends = [chunk.header for chunk in topic.chunks() if has_ended(chunk)]
    assert [(end.sequence, end.first_sample) for end in ends] == [(5, 80_000), (2, 32_000)]
    assert ends[0].session_id < ends[1].session_id
    assert {chunk.source_rate_hz for chunk in topic.chunks()} == {44_100}


def test_a_session_starts_after_the_one_before_even_when_played_faster(
    playback: Playback, topic: AudioTopic, tmp_path: Path
) -> None:
    playback.play_all([recording(tmp_path), recording(tmp_path)])
    starts = [c.header.captured_at_ns for c in topic.chunks() if c.header.sequence == 0]
    assert starts == [NOW_NS, NOW_NS + 5 * 10**9]


@pytest.mark.parametrize("k", [1, 3])
def test_patches_of_the_chunks_are_those_of_the_recording_byte_for_byte(
    playback: Playback, topic: AudioTopic, tmp_path: Path, k: int
) -> None:
    path = recording(tmp_path)
    playback.patches_per_chunk = k
    playback.play_file(path)
    streamed = [patches(chunk.pcm) for chunk in topic.chunks() if chunk.pcm.size]
    whole = patches(np.concatenate(list(Recording.open(path).pcm())))
    assert np.concatenate(streamed).tobytes() == whole.tobytes()


def test_bad_files_are_skipped_and_reported(
    playback: Playback, topic: AudioTopic, tmp_path: Path
) -> None:
    (tmp_path / "text.wav").write_text("not a sound")
    torn = recording(tmp_path, "torn.flac")
    torn.write_bytes(torn.read_bytes()[:300_000])
    paths = [tmp_path / "absent.wav", tmp_path / "text.wav", torn, recording(tmp_path)]
    errors = playback.play_all(paths)
    assert [error.path.name for error in errors] == ["absent.wav", "text.wav", "torn.flac"]
    ends = [chunk for chunk in topic.chunks() if has_ended(chunk)]
    assert len(ends) == 2  # what could be read of the torn one, and the whole one


def test_endless_playing_repeats_until_it_is_stopped(
    playback: Playback, topic: AudioTopic, fake_time: FakeTime, tmp_path: Path
) -> None:
    def append(chunk: AudioChunk) -> Appended:
        if len(topic.chunks()) == 10:
            fake_time.stop()
        return topic.append(chunk)

    playback.append = append
    playback.play_all([recording(tmp_path, duration_s=3.0)], is_endless=True)
    sessions = {chunk.header.session_id for chunk in topic.chunks()}
    assert len(sessions) == 3  # four messages each, the third cut short
    assert has_ended(topic.chunks()[-1])


def test_endless_playing_ends_when_nothing_can_be_played(
    playback: Playback, tmp_path: Path
) -> None:
    assert len(playback.play_all([tmp_path / "absent.wav"], is_endless=True)) == 1
