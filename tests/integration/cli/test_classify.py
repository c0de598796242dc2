from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from earshot.cli.hearing.listener import Listener
from tests.integration.cli.conftest import Earshot
from tests.integration.cli.sounds import ALARM_BEGINS_S

PATCH_S = 0.96


def test_a_table_says_what_was_heard_and_when(earshot: Earshot, alarm_file: Path) -> None:
    ended = earshot("classify", alarm_file)
    assert (ended.code, ended.errors) == (0, "")
    assert re.fullmatch(r"Alarm tone: 0\d\.\ds–\d\d\.\ds  0\.\d\d\n", ended.out), ended.out


def test_ndjson_says_all_that_is_known(
    earshot: Earshot, alarm_file: Path, listener: Listener
) -> None:
    ended = earshot("classify", alarm_file, "--format", "ndjson")
    (found,) = ended.objects
    assert list(found) == [
        "file", "duration_s", "sample_rate_hz", "top", "events", "model", "error",
    ]  # fmt: skip
    assert found["file"] == str(alarm_file)
    assert (found["duration_s"], found["sample_rate_hz"]) == (12.0, 16_000)
    assert len(found["top"]) == 10
    classes = listener.models.classes
    mids = dict(zip(classes.display_names, classes.mids, strict=True))
    assert all(each["mid"] == mids[each["label"]] for each in found["top"])
    scores = [each["score"] for each in found["top"]]
    assert scores == sorted(scores, reverse=True)
    (event,) = found["events"]
    assert event["label"] == "Alarm tone"
    assert event["onset_s"] == pytest.approx(ALARM_BEGINS_S, abs=PATCH_S)
    assert 10.5 < event["offset_s"] <= 12.0
    assert found["model"] == "earshot-default@1"
    assert found["error"] is None


def test_brief_is_one_line_of_classes(earshot: Earshot, alarm_file: Path) -> None:
    ended = earshot("classify", alarm_file, "--format", "brief", "--top", "2")
    assert re.fullmatch(r"[A-Z].*: 0\.\d\d, [A-Z].*: 0\.\d\d\n", ended.out)
    ended = earshot("classify", alarm_file, "--format", "brief", "--threshold", "0.999")
    assert ended.out == "nothing above 0.999\n"


def test_audacity_is_the_label_track_of_one_recording(earshot: Earshot, alarm_file: Path) -> None:
    ended = earshot("classify", alarm_file, "--format", "audacity")
    assert re.fullmatch(r"2\.880000\t1\d\.\d{6}\tAlarm tone\n", ended.out)
    ended = earshot("classify", alarm_file, alarm_file, "--format", "audacity")
    assert ended.code == 2
    assert "label track of one recording; here are 2" in ended.errors


def test_a_folder_is_searched_and_what_is_wrong_refused(
    earshot: Earshot, alarm_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    shutil.copy(alarm_file, tmp_path / "sub" / "b.WAV")
    (tmp_path / "a.wav").touch()
    ended = earshot("classify", tmp_path, "--format", "csv")
    rows = list(csv.DictReader(ended.out.splitlines()))
    assert [(Path(row["file"]).name, row["label"]) for row in rows] == [("b.WAV", "Alarm tone")]
    assert ended.errors == f"earshot: {tmp_path}/a.wav: empty file\n"
    assert ended.code == 2


def test_the_threshold_decides_about_all_labels(earshot: Earshot, alarm_file: Path) -> None:
    def labels(threshold: str) -> set[str]:
        ended = earshot("classify", alarm_file, "--format", "ndjson", "--threshold", threshold)
        return {event["label"] for event in ended.objects[0]["events"]}

    assert labels("1") == set()
    assert labels("0.4") == {"Alarm tone"}
    assert labels("0") == {"Alarm tone", "Speech"}


def test_another_taxonomy_has_other_labels(
    earshot: Earshot, alarm_file: Path, tmp_path: Path
) -> None:
    taxonomy = tmp_path / "taxonomy.yaml"
    taxonomy.write_text(
        "labels: [{name: Peep, category: safety, priority: low, classes: ['Beep, bleep']}]"
    )
    ended = earshot("classify", alarm_file, "--taxonomy", taxonomy)
    assert ended.out.startswith("Peep: ")
    taxonomy.write_text(taxonomy.read_text().replace("bleep", "blep"))
    ended = earshot("classify", alarm_file, "--taxonomy", taxonomy)
    assert ended.code == 2
    assert ended.out == ""
    (line,) = ended.errors.splitlines()
    assert line.startswith(f"earshot: {taxonomy}:1: ")
    assert "did you mean 'Beep, bleep'?" in line


def test_a_missing_model_is_one_line(
    earshot: Earshot, alarm_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_MODELS_DIR", str(tmp_path))
    ended = earshot("classify", alarm_file, "--format", "ndjson")
    assert (ended.code, ended.out) == (2, "")
    assert ended.errors == f"earshot: no model 'earshot-default' in {tmp_path}: nothing there\n"


def test_settings_that_make_no_sense_are_one_line_each(
    earshot: Earshot, alarm_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_WINDOW_PATCHES", "0")
    monkeypatch.setenv("EARSHOT_PRECISION", "f16")
    ended = earshot("classify", alarm_file)
    assert (ended.code, ended.out) == (2, "")
    assert sorted(line.split("=")[0] for line in ended.errors.splitlines()) == [
        "earshot: EARSHOT_PRECISION",
        "earshot: EARSHOT_WINDOW_PATCHES",
    ]


def test_a_misspelt_setting_is_remarked_on(
    earshot: Earshot, alarm_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_MODLE", "x")
    ended = earshot("classify", alarm_file)
    assert ended.code == 0
    assert "did you mean EARSHOT_MODEL?" in ended.errors
    assert earshot("classify", alarm_file, "--quiet").errors == ""


@pytest.mark.parametrize(
    "words",
    [
        ["--format", "xml"],
        ["--top", "0"],
        ["--top", "many"],
        ["--threshold", "1.1"],
        ["--threshold", "-0.1"],
        ["--threshold", "nan"],
        ["--device", "a b", "--bundle", "x"],
        ["--device", "kitchen"],
        ["--environment", "indoor"],
        ["--taxonomy", "absent.yaml"],
        ["--loudly"],
    ],
)
def test_a_wrong_option_is_refused(earshot: Earshot, alarm_file: Path, words: list[str]) -> None:
    ended = earshot("classify", alarm_file, *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.errors


def test_no_file_is_a_wrong_use(earshot: Earshot) -> None:
    assert earshot("classify").code == 2
