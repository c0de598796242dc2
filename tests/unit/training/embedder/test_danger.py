"""Dangers that a recording's labels rule out, and those they do not."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from training.embedder.danger import DANGER, absent_dangers, is_harmless, teaches_danger
from training.embedder.recordings import Recording

LABELS = Path(__file__).parents[4] / "models" / "earshot-default" / "1" / "assets" / "labels.csv"
Make = Callable[..., Recording]


def test_dangers_are_classes_of_audioset() -> None:
    with LABELS.open(newline="", encoding="utf-8") as file:
        assert {row["display_name"] for row in csv.DictReader(file)} >= DANGER


def test_music_rules_every_danger_out(recording: Make) -> None:
    assert is_harmless(recording("a", ("Music", "Piano")))


def test_a_gunshot_rules_out_sirens_but_no_gunshot(recording: Make) -> None:
    absent = absent_dangers(recording("a", ("Gunshot, gunfire",)))
    assert "Siren" in absent
    assert "Gunshot, gunfire" not in absent


def test_a_beep_may_be_a_smoke_alarm(recording: Make) -> None:
    absent = absent_dangers(recording("a", ("Beep, bleep",)))
    assert "Smoke detector, smoke alarm" not in absent
    assert "Explosion" in absent


def test_a_vague_label_rules_nothing_out_unless_its_set_does(recording: Make) -> None:
    assert not absent_dangers(recording("a", ("Environmental noise",)))
    casual = recording("sesa/a", ("Environmental noise",), label_of_set="casual")
    assert absent_dangers(casual) == DANGER


def test_sirens_teach_danger_and_so_does_what_was_chosen_as_none(recording: Make) -> None:
    assert teaches_danger(recording("a", ("Siren", "Vehicle")))
    assert teaches_danger(recording("b", ("Environmental noise",), label_of_set="casual"))
    assert not teaches_danger(recording("c", ("Environmental noise",)))
    assert not teaches_danger(recording("d", ("Alarm clock",)))
