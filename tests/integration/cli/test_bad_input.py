from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.integration.cli.conftest import Earshot
from tests.integration.cli.sounds import ALARM_BEGINS_S, alarm, write
from tests.unit.capture.bad_files import wav_bytes


def refused(earshot: Earshot, path: Path) -> str:
    """Classifies what must be refused; returns the reason after checking the form of it all."""
    ended = earshot("classify", path, "--format", "ndjson")
    (found,) = ended.objects
    assert ended.code == 2
    assert ended.errors == f"earshot: {path}: {found['error']}\n"
    assert found == {
        "file": str(path), "duration_s": None, "sample_rate_hz": None,
        "top": [], "events": [], "model": None, "error": found["error"],
    }  # fmt: skip
    return str(found["error"])


def heard_labels(earshot: Earshot, path: Path) -> set[str]:
    """Classifies what must be heard; returns the labels of its events."""
    ended = earshot("classify", path, "--format", "ndjson")
    (found,) = ended.objects
    assert (ended.code, ended.errors, found["error"]) == (0, "", None)
    assert all(0 <= top["score"] <= 1 for top in found["top"])
    for event in found["events"]:
        assert 0 <= event["onset_s"] < event["offset_s"] <= found["duration_s"]
        assert 0 <= event["score"] <= 1
    return {event["label"] for event in found["events"]}


def test_an_empty_file(earshot: Earshot, tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    assert refused(earshot, tmp_path / "a.wav") == "empty file"


def test_text_renamed(earshot: Earshot, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("not a sound\n" * 500)
    reason = refused(earshot, tmp_path / "a.wav")
    assert reason.startswith("not readable as WAV, FLAC, OGG or MP3")


def test_a_truncated_wave_file(earshot: Earshot, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav_bytes(bytes(64_000), announced_bytes=128_000))
    reason = refused(earshot, tmp_path / "a.wav")
    assert reason == "truncated: 2.00 s of the 4.00 s it announces"


def test_a_file_that_is_damaged_in_the_middle(earshot: Earshot, tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", alarm(60.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refused(earshot, path).startswith(("damaged or truncated", "truncated"))


def test_less_than_a_patch(earshot: Earshot, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", alarm(0.97))
    assert refused(earshot, path) == "too short: 0.970 s; at least 0.975 s are needed"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers(earshot: Earshot, tmp_path: Path, value: float) -> None:
    samples = alarm()
    samples[40_000] = value
    path = write(tmp_path / "a.wav", samples, subtype="FLOAT")
    assert refused(earshot, path).startswith("NaN or infinity at 2.500 s")


def test_a_missing_file(earshot: Earshot, tmp_path: Path) -> None:
    assert refused(earshot, tmp_path / "absent.wav") == "no such file"


def test_a_folder_without_recordings(earshot: Earshot, tmp_path: Path) -> None:
    reason = "no recordings (.wav .flac .ogg .mp3) in this folder"
    assert refused(earshot, tmp_path) == reason


def test_an_impossible_name(earshot: Earshot, tmp_path: Path) -> None:
    assert refused(earshot, tmp_path / ("x" * 300)) == "File name too long"


def test_a_name_of_several_lines_is_one_line(earshot: Earshot, tmp_path: Path) -> None:
    (tmp_path / "a\nb.wav").touch()
    ended = earshot("classify", tmp_path)
    assert ended.errors == f"earshot: {tmp_path}/a\\nb.wav: empty file\n"


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_depth_of_wave_is_heard(earshot: Earshot, tmp_path: Path, subtype: str) -> None:
    path = write(tmp_path / "a.wav", alarm(), subtype=subtype)
    assert heard_labels(earshot, path) == {"Alarm tone"}


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.ogg", "a.mp3", "A.WAV"])
def test_every_kind_of_file_is_heard(earshot: Earshot, tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, alarm())
    assert heard_labels(earshot, path) == {"Alarm tone"}


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_every_rate_is_heard_at_the_same_time(
    earshot: Earshot, tmp_path: Path, rate_hz: int
) -> None:
    path = write(tmp_path / "a.wav", alarm(rate_hz=rate_hz), rate_hz)
    (found,) = earshot("classify", path, "--format", "ndjson").objects
    assert (found["duration_s"], found["sample_rate_hz"]) == (12.0, rate_hz)
    (event,) = found["events"]
    assert event["label"] == "Alarm tone"
    assert event["onset_s"] == pytest.approx(ALARM_BEGINS_S, abs=0.96)


def test_six_channels_are_heard(earshot: Earshot, tmp_path: Path) -> None:
    samples = np.repeat(alarm()[:, np.newaxis], 6, axis=1)
    assert heard_labels(earshot, write(tmp_path / "a.wav", samples)) == {"Alarm tone"}


def test_an_offset_is_no_event(earshot: Earshot, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.full(160_000, 0.2, np.float32))
    assert heard_labels(earshot, path) == set()


def test_a_clipped_alarm_is_heard(earshot: Earshot, tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", np.clip(20 * alarm(), -1, 1))
    assert "Alarm tone" in heard_labels(earshot, path)


@pytest.mark.slow
def test_an_hour_of_silence_is_no_event(
    earshot: Earshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EARSHOT_TAXONOMY_FILE")  # of the labels that are shipped
    path = write(tmp_path / "a.flac", np.zeros(3_600 * 16_000, np.int16))
    assert heard_labels(earshot, path) == set()
