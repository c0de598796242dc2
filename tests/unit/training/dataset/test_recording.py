from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from services.capture.sources.recording import Recording
from tests.unit.training.dataset.conftest import Tone
from training.dataset.errors import UnreadableRecording
from training.dataset.recording import decode_pcm


@pytest.mark.parametrize(
    ("name", "rate_hz"),
    [("a.wav", 16_000), ("a.flac", 44_100), ("a.ogg", 48_000), ("a.mp3", 22_050)],
)
def test_samples_are_those_that_capture_sends(tone: Tone, name: str, rate_hz: int) -> None:
    path = tone(name, 9.0, rate_hz=rate_hz)
    expected = np.concatenate(list(Recording.open(path).pcm()))
    np.testing.assert_array_equal(decode_pcm(path), expected)


def test_a_recording_may_be_short(tone: Tone) -> None:
    assert decode_pcm(tone("a.wav", 0.25)).shape == (4_000,)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with pytest.raises(UnreadableRecording, match="No such file"):
        decode_pcm(path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(UnreadableRecording, match="cannot be read as a recording"):
        decode_pcm(path)
    soundfile.write(path, np.zeros(0), 16_000)
    with pytest.raises(UnreadableRecording, match="holds no samples"):
        decode_pcm(path)


@pytest.mark.parametrize(
    ("sample", "rate_hz", "reason"),
    [(np.nan, 16_000, "NaN"), (8_000.0, 16_000, "full scale"), (0.1, 4_000, "4000 Hz")],
)
def test_samples_that_are_no_sound_are_refused(
    tmp_path: Path, sample: float, rate_hz: int, reason: str
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.full(16_000, sample), rate_hz, subtype="FLOAT")
    with pytest.raises(UnreadableRecording, match=reason):
        decode_pcm(path)


def test_a_flac_file_cut_short_is_refused(tone: Tone) -> None:
    path = tone("a.flac", 9.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableRecording):
        decode_pcm(path)


@pytest.mark.parametrize(
    ("kept_bytes", "reason"),
    [(44 + 48_000, "cut short: 1.50 s of 9.00 s"), (44, "cut short: 0.00 s")],
)
def test_a_wav_file_cut_short_is_refused(tone: Tone, kept_bytes: int, reason: str) -> None:
    path = tone("a.wav", 9.0)
    path.write_bytes(path.read_bytes()[:kept_bytes])
    with pytest.raises(UnreadableRecording, match=f"^{reason}$"):
        decode_pcm(path)


def test_a_flac_file_that_was_written_to_a_pipe_is_read_to_its_end(tone: Tone) -> None:
    path = tone("a.flac", 2.0)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0  # STREAMINFO says 0 samples: unknown. See RFC 9639, section 8.2.
    content[22:26] = bytes(4)
    path.write_bytes(content)
    assert decode_pcm(path).shape == (32_000,)
