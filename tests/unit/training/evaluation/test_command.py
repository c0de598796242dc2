"""`evaluate` by its command line, on a tiny bundle: what it prints and writes."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from tests.unit.training.evaluation.byte_bundle import NAMES, evaluated
from training import evaluate
from training.evaluation.metric_phrases import PHRASES


def test_json_is_one_object_of_every_value_and_needs_no_matplotlib(
    bundle: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as where it is not installed
    for name in [name for name in sys.modules if name.startswith("training.evaluation.page")]:
        monkeypatch.delitem(sys.modules, name)
    assert evaluated(bundle, "--no-report", "--format", "json") == 0
    printed = capsys.readouterr()
    values = json.loads(printed.out)
    assert list(values) == list(PHRASES)
    # Four of five are right at once. Dog and Siren rank without a fault, Cat ranks a positive, a
    # negative, a positive: AP (1 + 2/3) / 2.
    assert values["hit_at_1"] == 0.8
    assert values["map"] == pytest.approx((1 + 5 / 6 + 1) / 3)
    assert (values["num_segments"], values["num_damaged"]) == (5, 0)
    assert (values["num_classes"], values["num_classes_with_positives"]) == (4, 3)
    assert "1 of 4 classes have no positive example" in printed.err
    assert not (folder / "build").exists()


def test_table_shows_the_metrics_and_the_products_labels(
    bundle: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(bundle, "--no-report", "--taxonomy", "taxonomy.yaml") == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split()[:2] == ["Hit@1", "0.8000"] for line in lines)
    # Best F1 finds all three, with the fourth; so does the taxonomy's threshold.
    pets = next(line.split() for line in lines if "Pets" in line)
    assert pets[:3] == ["Pets", "3", "1.000"]
    assert pets[-3:] == ["0.350", "0.750", "1.000"]


def test_page_is_written_by_default_and_named_for_the_bundle(
    bundle: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib", reason="needs the training extra (matplotlib)")
    assert evaluated(bundle) == 0
    assert "written: build/evaluation/bytes-4.html" in capsys.readouterr().err
    page = (folder / "build" / "evaluation" / "bytes-4.html").read_text(encoding="utf-8")
    assert "bytes@4, measured" in page
    # Siren was missed once, for Cat.
    assert "<td>Siren</td><td>Cat</td>" in page
    assert [path.name for path in (folder / "build" / "evaluation").iterdir()] == ["bytes-4.html"]


def test_page_and_class_measures_go_where_they_are_asked(
    bundle: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib", reason="needs the training extra (matplotlib)")
    assert evaluated(bundle, "--report", "new/page.html", "--per-class", "new/classes.csv") == 0
    assert "written: new/classes.csv\nwritten: new/page.html" in capsys.readouterr().err
    with (folder / "new" / "classes.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["display_name"] for row in rows] == list(NAMES)
    assert [row["num_positives"] for row in rows] == ["2", "2", "2", "0"]
    assert float(rows[1]["ap"]) == pytest.approx(5 / 6, abs=1e-5)
    assert rows[3]["ap"] == rows[3]["threshold"] == ""


def test_labels_that_the_bundle_lacks_are_left_out_unless_asked_for(
    bundle: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(bundle, "--no-report") == 0
    printed = capsys.readouterr()
    assert "without the product's labels:" in printed.err
    assert "has no class 'Smoke detector, smoke alarm'" in printed.err
    assert "The product's labels" not in printed.out
    taxonomy = folder / "taxonomy.yaml"
    taxonomy.write_text(taxonomy.read_text().replace("Cat", "Lion"))
    assert evaluated(bundle, "--no-report", "--taxonomy", "taxonomy.yaml") == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("error: taxonomy.yaml:1: ")
    assert "has no class 'Lion'" in printed.err


def test_a_damaged_record_is_counted_and_left_out(
    bundle: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shard = folder / "eval.tfrecord"
    shard.write_bytes(shard.read_bytes()[:-7])
    assert evaluated(bundle, "--no-report", "--format", "json") == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["num_segments"], values["num_damaged"]) == (4, 1)


def test_evaluate_ends_quietly_when_it_is_interrupted(
    bundle: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def press_ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluate, "read_pattern", press_ctrl_c)
    assert evaluated(bundle) == 130
    assert capsys.readouterr().err.endswith("stopped\n")
