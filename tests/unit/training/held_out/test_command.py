"""The command: what it refuses, and how measures come into cards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("ai_edge_litert", reason="needs the training extra (ai-edge-litert)")

from earshot.embedding.errors import BadBundle
from tests.unit.training.tiny_manifest import write_manifest
from training.held_out.__main__ import command, parse_arguments, update_card
from training.places import BUNDLE, DEVELOPMENT, EMBEDDER

CARD = {"name": "mine", "metrics": {"audioset": {"map": 0.3}}, "files": []}


def test_measures_come_into_the_card_beside_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(json.dumps(CARD))
    update_card(tmp_path, {"on": "“these”", "recall": None})
    text = (tmp_path / "card.json").read_text(encoding="utf-8")
    measured = {"audioset": {"map": 0.3}, "held_out": {"on": "“these”", "recall": None}}
    assert json.loads(text) == {**CARD, "metrics": measured}
    assert "“these”" in text
    update_card(tmp_path, {})
    assert json.loads((tmp_path / "card.json").read_text())["metrics"]["held_out"] == {}
    assert [path.name for path in tmp_path.iterdir()] == ["card.json"]


def test_a_card_stays_as_it_is_when_a_measure_is_no_number(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(json.dumps(CARD))
    with pytest.raises(ValueError, match="not JSON compliant"):
        update_card(tmp_path, {"recall": float("nan")})
    assert json.loads((tmp_path / "card.json").read_text()) == CARD
    with pytest.raises(BadBundle, match=r"card\.json: cannot be read"):
        update_card(tmp_path / "nowhere", {})


def test_development_measures_the_models_of_development() -> None:
    reported, chosen_by = parse_arguments([]), parse_arguments(["--development"])
    assert (reported.embedder, reported.bundle) == (EMBEDDER, BUNDLE)
    assert chosen_by.embedder == DEVELOPMENT / "vggish-compact" / "1"
    assert chosen_by.bundle == DEVELOPMENT / "earshot-default" / "1"
    given = parse_arguments(["--development", "--bundle", str(BUNDLE)])
    assert given.bundle == BUNDLE


@pytest.mark.parametrize(
    ("options", "row", "reason"),
    [
        (["--development", "--update-cards"], None, "--update-cards: cards hold what is reported"),
        ([], None, "manifest.csv: cannot be read (No such file or directory)"),
        ([], "a.flac,Dog,a/b,x,CC0,Ann,1,1,Dog,,A,,", "clips of ESC-10 and SESA are needed"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    row: str | None,
    reason: str,
) -> None:
    if row:
        write_manifest(tmp_path, row)
    before = (EMBEDDER / "card.json").read_bytes()
    assert command(parse_arguments(["--data", str(tmp_path), *options])) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("error: ") == 1
    assert reason in said.err
    assert (EMBEDDER / "card.json").read_bytes() == before
