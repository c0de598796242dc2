from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earshot.audio.wave_header import DataChunk, data_chunk


@pytest.mark.parametrize("file_format", ["WAV", "WAVEX", "RF64"])
def test_a_header_promises_as_many_bytes_as_were_written(tmp_path: Path, file_format: str) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(1_000, np.int16), 16_000, format=file_format)
    assert data_chunk(path) == DataChunk(promised_bytes=2_000, present_bytes=2_000)
    path.write_bytes(path.read_bytes()[:-500])
    assert data_chunk(path) == DataChunk(promised_bytes=2_000, present_bytes=1_500)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"fLaC" + bytes(100), b"RIFF1234WAVEfmt "])
def test_what_has_no_sound_chunk_promises_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    assert data_chunk(tmp_path / "a") is None
