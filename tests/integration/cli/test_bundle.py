from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from earshot.cli.hearing.listener import Listener
from tests.integration.cli.conftest import Earshot
from tests.integration.cli.sounds import alarm, write

FILES = ["events.csv", "events.json", "frames.npz", "metadata.json"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_bundle_holds_events_scores_and_their_origin(
    earshot: Earshot, alarm_file: Path, tmp_path: Path, listener: Listener
) -> None:
    folder = tmp_path / "new" / "bundle"
    ended = earshot(
        "classify", alarm_file, "--bundle", folder,
        "--device", "kitchen", "--environment", "indoor", "--environment", "quiet",
    )  # fmt: skip
    assert (ended.code, ended.errors) == (0, "")
    assert names(folder) == FILES
    (event,) = json.loads((folder / "events.json").read_text())
    assert (event["label"], event["category"]) == ("Alarm tone", "safety")
    assert (event["granularity"], event["origin"]) == ("segment", "model")
    (row,) = csv.DictReader((folder / "events.csv").read_text().splitlines())
    assert row["file"] == "alarm.wav"
    assert float(row["onset_s"]) == event["onset_s"]
    metadata = json.loads((folder / "metadata.json").read_text())
    assert metadata["file"] == {
        "name": "alarm.wav",
        "sha256": hashlib.sha256(alarm_file.read_bytes()).hexdigest(),
        "num_bytes": alarm_file.stat().st_size,
        "duration_s": 12.0,
        "sample_rate_hz": 16_000,
        "num_channels": 1,
    }
    assert metadata["device_id"] == "kitchen"
    assert metadata["environment"] == ["indoor", "quiet"]
    assert metadata["level"]["peak_dbfs"] == pytest.approx(-10.4, abs=0.2)
    assert metadata["level"]["snr_band"] == "high"
    assert metadata["models"]["embedder"]["name_version"].startswith("vggish-compact@")
    assert metadata["models"]["frame_level"]["metrics"]
    assert metadata["taxonomy"]["hash"] == listener.taxonomy.taxonomy_hash
    thresholds = {label["name"]: label["on_score"] for label in metadata["taxonomy"]["labels"]}
    assert thresholds == {"Alarm tone": 0.25, "Speech": 0.25}


def test_frames_are_the_scores_of_every_patch(
    earshot: Earshot, alarm_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "frames.npz"
    ended = earshot("classify", alarm_file, "--frames", path, "--format", "ndjson")
    (found,) = ended.objects
    with np.load(path, allow_pickle=False) as frames:
        scores, starts_s = frames["patch_scores"], frames["start_s"]
        assert (scores.shape, scores.dtype) == ((12, 527), np.float16)
        assert starts_s.tolist() == pytest.approx([0.96 * i for i in range(12)])
        assert frames["level_dbfs"].shape == (12,)
        best = int(scores.max(axis=0).argmax())
        assert frames["display_names"][best] == found["top"][0]["label"]
        assert frames["mids"][best] == found["top"][0]["mid"]
    assert float(scores.max()) == pytest.approx(found["top"][0]["score"], abs=1e-4)


def test_the_same_recording_gives_the_same_bundle(
    earshot: Earshot, alarm_file: Path, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        earshot("classify", alarm_file, "--bundle", tmp_path / name)
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_several_recordings_have_a_folder_each_and_the_rest_of_a_run_is_made_up_for(
    earshot: Earshot, alarm_file: Path, tmp_path: Path
) -> None:
    sounds, bundles = tmp_path / "sounds", tmp_path / "bundles"
    (sounds / "sub").mkdir(parents=True)
    shutil.copy(alarm_file, sounds / "a.wav")
    assert earshot("classify", sounds, "--bundle", bundles).code == 0
    write(sounds / "sub" / "b.flac", alarm(2.0))
    ended = earshot("classify", sounds, "--bundle", bundles)
    assert ended.code == 2
    assert ended.errors == (
        f"earshot: {sounds}/a.wav: {bundles}/a.wav exists; --force replaces it\n"
    )
    assert names(bundles / "sub" / "b.flac") == names(bundles / "a.wav") == FILES
    assert earshot("classify", sounds, "--bundle", bundles, "--force").code == 0


def test_what_others_made_is_never_replaced(
    earshot: Earshot, alarm_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "metadata.json").write_text("{}")
    ended = earshot("classify", alarm_file, "--bundle", tmp_path / "theirs", "--force")
    assert ended.code == 2
    assert "holds other files; choose another folder" in ended.errors
    assert names(tmp_path / "theirs") == ["metadata.json"]


def test_frames_are_replaced_only_by_force(
    earshot: Earshot, alarm_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "frames.npz"
    path.write_text("mine")
    ended = earshot("classify", alarm_file, "--frames", path)
    assert ended.code == 2
    assert ended.out == ""
    assert path.read_text() == "mine"
    assert earshot("classify", alarm_file, "--frames", path, "--force").code == 0
    assert names(tmp_path) == ["frames.npz"]


def test_frames_are_those_of_one_recording(
    earshot: Earshot, alarm_file: Path, tmp_path: Path
) -> None:
    ended = earshot("classify", alarm_file, alarm_file, "--frames", tmp_path / "frames.npz")
    assert ended.code == 2
    assert "--bundle DIR takes several" in ended.errors
