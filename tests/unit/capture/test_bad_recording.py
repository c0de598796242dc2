from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.unit.capture.bad_files import noise, refusal, wav_bytes


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.wav") == "no such file"


def test_a_name_the_system_cannot_take_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / f"{'x' * 300}.wav") == "File name too long"


def test_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "a folder, not a recording"


def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert refusal(tmp_path / "pipe.wav") == "not a regular file"


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    assert refusal(tmp_path / "empty.wav") == "empty file"


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3", "a.raw"])
def test_text_under_another_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("not a sound\n" * 500)
    assert refusal(tmp_path / name).startswith("not readable as WAV, FLAC, OGG or MP3")


def test_another_sound_format(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.aiff", noise(), 16_000)
    assert refusal(tmp_path / "a.aiff") == "AIFF; allowed are WAV, FLAC, OGG and MP3"


@pytest.mark.parametrize("rate_hz", [1, 7_999, 192_001, 384_000])
def test_a_rate_out_of_range(tmp_path: Path, rate_hz: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_bytes(bytes(2_000_000), rate_hz))
    assert refusal(path) == f"sample rate {rate_hz} Hz; allowed are 8000 to 192000 Hz"


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100])
def test_less_than_a_patch(tmp_path: Path, rate_hz: int) -> None:
    soundfile.write(tmp_path / "a.wav", noise(int(0.97 * rate_hz)), rate_hz)
    assert refusal(tmp_path / "a.wav") == "too short: 0.970 s; at least 0.975 s are needed"


def test_a_header_without_sound(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav_bytes(b""))
    assert refusal(tmp_path / "a.wav") == "too short: 0.000 s; at least 0.975 s are needed"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_samples_that_are_not_finite(tmp_path: Path, subtype: str, value: float) -> None:
    samples = np.stack([noise(), noise()], axis=1)
    samples[40_000, 1] = value
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype=subtype)
    reason = refusal(tmp_path / "a.wav")
    assert reason == "NaN or infinity at 2.500 s; full scale of a float file is -1 to 1"


def test_integers_in_a_float_file(tmp_path: Path) -> None:
    samples = noise()
    samples[20_000] = -20_000
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    reason = refusal(tmp_path / "a.wav")
    assert reason == "sample -20000 at 1.250 s; full scale of a float file is -1 to 1"
