"""Files shorter or longer than they announce, and files that announce nothing."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from services.capture.errors import RecordingError
from services.capture.sources.recording import Recording
from tests.unit.capture.bad_files import noise, refusal, wav_bytes


def half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "FLOAT", "ULAW"])
@pytest.mark.parametrize("file_format", ["WAV", "WAVEX", "RF64"])
def test_a_truncated_wav_says_how_much_there_is(
    tmp_path: Path, file_format: str, subtype: str
) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, noise(), 16_000, format=file_format, subtype=subtype)
    half(path)
    assert refusal(path) == "truncated: 2.50 s of the 5.00 s it announces"


def test_a_wav_that_lacks_one_byte(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav_bytes(bytes(64_000))[:-1])
    assert refusal(tmp_path / "a.wav") == "truncated: 2.00 s of the 2.00 s it announces"


def test_a_wav_cut_off_after_its_header(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav_bytes(b"", announced_bytes=64_000))
    assert refusal(tmp_path / "a.wav") == "truncated: it ends before its first sample"


@pytest.mark.parametrize("announced_bytes", [0xFFFFFFFF, 0x7FFFF000, 0x80000000])
def test_a_wav_written_to_a_pipe_promises_nothing(tmp_path: Path, announced_bytes: int) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_bytes(bytes(64_000), announced_bytes=announced_bytes))
    assert sum(block.size for block in Recording.open(path).pcm()) == 32_000


def test_a_wav_with_other_chunks_around_its_sound(tmp_path: Path) -> None:
    content, odd = wav_bytes(bytes(64_000)), b"LIST" + struct.pack("<I", 3) + b"abc\0"
    path = tmp_path / "a.wav"
    path.write_bytes(content[:12] + odd + content[12:] + odd)
    assert sum(block.size for block in Recording.open(path).pcm()) == 32_000


def test_a_truncated_flac(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, noise(), 16_000)
    half(path)
    assert refusal(path) == "damaged or truncated after about 2.05 s of 5.00 s"


def test_a_damaged_flac_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, noise(), 16_000)
    half(path)
    found = []
    with pytest.raises(RecordingError):
        found.extend(Recording.open(path).pcm())
    whole = np.rint(noise() * 32_768)
    assert np.abs(np.concatenate(found) - whole[: 4 * 8_192]).max() <= 1


def unannounced_flac(path: Path) -> None:
    """Writes a FLAC file whose STREAMINFO says 0 samples: unknown. See RFC 9639, section 8.2."""
    soundfile.write(path, noise(), 16_000)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    path.write_bytes(content)


def test_a_flac_written_to_a_pipe_promises_nothing(tmp_path: Path) -> None:
    unannounced_flac(tmp_path / "a.flac")
    recording = Recording.open(tmp_path / "a.flac")
    assert recording.duration_s == 5.0
    assert sum(block.size for block in recording.pcm()) == 80_000


def test_a_damaged_flac_written_to_a_pipe(tmp_path: Path) -> None:
    unannounced_flac(tmp_path / "a.flac")
    half(tmp_path / "a.flac")
    assert refusal(tmp_path / "a.flac") == "damaged or truncated after about 2.05 s"


def test_a_truncated_mp3(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    soundfile.write(path, noise(), 16_000)
    half(path)
    assert refusal(path) == "truncated: 2.38 s of the 5.00 s it announces"


def test_a_truncated_ogg_is_a_shorter_one(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    soundfile.write(path, noise(), 16_000)
    half(path)
    assert 16_000 < sum(block.size for block in Recording.open(path).pcm()) < 80_000


def test_a_damaged_ogg(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    soundfile.write(path, noise(), 16_000)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3_000] = bytes(3_000)
    path.write_bytes(content)
    assert refusal(path).startswith("truncated: ")


def without_length_tag(path: Path) -> bytes:
    """The frames of an MP3 file after its first, which holds nothing but the tag."""
    content = path.read_bytes()
    return content[content.index(content[:2], 4) :]


def mp3(path: Path, bitrate_mode: str) -> None:
    with soundfile.SoundFile(
        path, "w", 16_000, 1, bitrate_mode=bitrate_mode, compression_level=0.5
    ) as file:
        file.write(noise(80_000) * np.repeat([1, 1e-3], 40_000))


@pytest.mark.parametrize(
    "change", [without_length_tag, lambda path: path.read_bytes() * 2], ids=["no tag", "two in one"]
)
def test_an_mp3_longer_than_it_announces(tmp_path: Path, change: Callable[[Path], bytes]) -> None:
    path = tmp_path / "a.mp3"
    mp3(path, "VARIABLE")
    path.write_bytes(change(path))
    assert "goes on after the" in refusal(path)


def test_an_mp3_of_constant_bit_rate_needs_no_tag(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    mp3(path, "CONSTANT")
    path.write_bytes(without_length_tag(path) + b"TAG" + bytes(125))
    recording = Recording.open(path)
    assert recording.num_frames == pytest.approx(80_000, abs=2_000)  # with the encoder's padding
    assert sum(block.size for block in recording.pcm()) == recording.num_frames
