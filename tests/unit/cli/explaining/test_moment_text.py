from __future__ import annotations

from datetime import datetime
from typing import Any

from earshot.cli.explaining.moment_text import around, moment_text


def label(name: str, score: float, standing: str) -> dict[str, Any]:
    change = {"at": "", "standing": standing, "sentence": f"{score:.2f}, needs 0.50"}
    return {"label": name, "score": [score], "standings": [change]}


def answer(**changes: Any) -> dict[str, Any]:
    stretch = {
        "at": ["2026-05-01T03:12:07.040000Z"],
        "level_dbfs": [-31.2],
        "model": "m@1",
        "labels": [label("Dog", 0.12, "quiet"), label("Siren", 0.42, "below")],
    }
    return {
        "device_id": "kitchen",
        "stretches": [stretch],
        "missing_because": "",
        "notes": [],
        **changes,
    }


def test_labels_are_listed_by_score_with_their_reason() -> None:
    assert moment_text(answer(notes=["Another version."])).splitlines() == [
        "kitchen  2026-05-01 03:12:07  -31.2 dBFS  m@1",
        "",
        "LABEL  SCORE  STANDING  WHY",
        "Siren  0.42   below     0.42, needs 0.50",
        "Dog    0.12   quiet     0.12, needs 0.50",
        "Note: Another version.",
    ]


def test_nothing_kept_is_said() -> None:
    text = moment_text(answer(stretches=[], missing_because="all is gone"))
    assert text == "There are no scores: all is gone.\n"


def test_a_moment_lies_in_one_patch_alone() -> None:
    asked = around(datetime.fromisoformat("2026-05-01T05:12:08+02:00"))
    assert asked == {
        "from": ["2026-05-01T03:12:07.040001Z"],
        "to": ["2026-05-01T03:12:08.000001Z"],
    }
