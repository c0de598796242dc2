from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from earshot.audio.level import level_dbfs
from services.capture.sources.recording import Recording, sha256

RATES_HZ = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]
SUBTYPES = ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"]


def tone(rate_hz: int = 16_000, duration_s: float = 2.0, amplitude: float = 0.5) -> np.ndarray:
    t = np.arange(int(duration_s * rate_hz)) / rate_hz
    return amplitude * np.sin(2 * np.pi * 1_000 * t)


def pcm_of(path: Path) -> np.ndarray:
    return np.concatenate(list(Recording.open(path).pcm()))


def assert_is_tone(pcm: np.ndarray, tolerance: float) -> None:
    expected = tone()
    assert abs(pcm.size - expected.size) <= 1
    assert np.abs(pcm[2_000:30_000] / 32_768 - expected[2_000:30_000]).max() < tolerance


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_any_rate_gives_the_same_sound(tmp_path: Path, rate_hz: int) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(rate_hz), rate_hz, subtype="PCM_24")
    recording = Recording.open(path)
    assert (recording.sample_rate_hz, recording.num_channels) == (rate_hz, 1)
    assert recording.duration_s == 2.0
    assert_is_tone(pcm_of(path), 1e-3)


@pytest.mark.parametrize("subtype", SUBTYPES)
def test_any_sample_type_gives_the_same_sound(tmp_path: Path, subtype: str) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(), 16_000, subtype=subtype)
    assert_is_tone(pcm_of(path), 0.01 if subtype == "PCM_U8" else 1e-4)


@pytest.mark.parametrize(
    ("name", "subtype", "tolerance"),
    [("a.flac", "PCM_16", 1e-4), ("a.ogg", "VORBIS", 0.03), ("a.mp3", "MPEG_LAYER_III", 0.03)],
)
def test_compressed_formats_give_the_same_sound(
    tmp_path: Path, name: str, subtype: str, tolerance: float
) -> None:
    path = tmp_path / name
    soundfile.write(path, tone(44_100), 44_100, subtype=subtype)
    assert_is_tone(pcm_of(path), tolerance)


@pytest.mark.parametrize(
    ("name", "subtype"), [("a.flac", "PCM_24"), ("a.ogg", "VORBIS"), ("a.mp3", "MPEG_LAYER_III")]
)
def test_blocks_are_the_samples_of_the_file_decoded_whole(
    tmp_path: Path, name: str, subtype: str
) -> None:
    path = tmp_path / name
    soundfile.write(path, tone(44_100, duration_s=5), 44_100, subtype=subtype)
    whole, _ = soundfile.read(path, dtype="float32")
    waveform = np.concatenate(list(Recording.open(path).blocks()))
    assert np.abs(waveform - whole).max() < 1e-6


@pytest.mark.parametrize("file_format", ["WAVEX", "RF64"])
def test_the_extended_headers_are_read(tmp_path: Path, file_format: str) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(), 16_000, format=file_format, subtype="PCM_16")
    assert_is_tone(pcm_of(path), 1e-4)


def test_the_content_counts_and_not_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "tone.raw"
    soundfile.write(path, tone(), 16_000, format="FLAC")
    assert_is_tone(pcm_of(path), 1e-4)


def test_int16_at_16_khz_comes_through_unchanged(tmp_path: Path) -> None:
    path, pcm = tmp_path / "noise.wav", np.arange(-32_768, 32_768).astype(np.int16)
    soundfile.write(path, pcm, 16_000)
    assert np.array_equal(pcm_of(path), pcm)


def test_six_channels_are_mixed_to_their_mean(tmp_path: Path) -> None:
    path = tmp_path / "surround.wav"
    gains = np.array([1.0, 0.5, 0.25, 0.75, 0.2, 0.3])
    soundfile.write(path, tone(48_000)[:, np.newaxis] * gains, 48_000, subtype="PCM_24")
    assert Recording.open(path).num_channels == 6
    assert_is_tone(pcm_of(path) / gains.mean(), 1e-3)


def test_a_dc_offset_stays_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "offset.wav"
    soundfile.write(path, np.full(32_000, 0.25), 16_000)
    assert (pcm_of(path) == 8_192).all()


def test_float_samples_beyond_full_scale_are_clipped(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    soundfile.write(path, tone(amplitude=3.0), 16_000, subtype="FLOAT")
    pcm = pcm_of(path)
    assert (pcm.max(), pcm.min()) == (32_767, -32_768)


def test_exactly_one_patch_is_long_enough(tmp_path: Path) -> None:
    path = tmp_path / "short.wav"
    soundfile.write(path, tone()[:15_600], 16_000)
    assert pcm_of(path).size == 15_600


def test_an_hour_streams_in_small_blocks(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    with soundfile.SoundFile(path, "w", 8_000, 2, "PCM_16") as file:
        for _ in range(60):
            file.write(np.zeros((60 * 8_000, 2), np.int16))
    recording = Recording.open(path)
    num_samples = 0
    for block in recording.pcm():
        assert block.size < 32_768
        assert level_dbfs(block) == -120
        num_samples += block.size
    assert num_samples == 3_600 * 16_000
    assert recording.duration_s == 3_600


def test_a_recording_can_be_played_again(tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(), 16_000)
    recording = Recording.open(path)
    first, second = (np.concatenate(list(recording.pcm())) for _ in range(2))
    assert np.array_equal(first, second)


def test_blocks_are_mono_at_the_file_s_own_rate(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.stack([tone(48_000)] * 2, axis=1), 48_000, subtype="FLOAT")
    waveform = np.concatenate(list(Recording.open(path).blocks()))
    assert np.array_equal(waveform, tone(48_000).astype(np.float32))


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(b"content")
    assert sha256(path) == hashlib.sha256(b"content").hexdigest()
