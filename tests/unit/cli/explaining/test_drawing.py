from __future__ import annotations

from earshot.cli.explaining.drawing import MAX_COLUMNS, NUM_ROWS, drawing
from tests.unit.cli.explaining.answers import explanation


def test_a_curve_is_drawn_with_its_event_and_its_threshold() -> None:
    assert drawing(explanation([0.0, 0.3, 0.75, 0.95, 0.2, 0.0], 2, 4), "#").splitlines() == [
        " 1.0    #",
        "        #",
        "       ##",
        "       ##",
        "0.50 ..##..",
        "      |##",
        "      |##|",
        "      |##|",
        " 0.0 ------",
        "     03:12:07  03:12:11",
    ]


def test_an_onset_by_another_clock_is_still_the_same_patch() -> None:
    answer = explanation([0.0, 0.9, 0.0], 1, 2)
    answer["event"]["onset_at"] = answer["curve"]["at"][1].replace("000Z", "400Z")
    assert "#" in drawing(answer, "#")


def test_a_long_curve_shares_columns_and_keeps_its_peak() -> None:
    scores = [0.0] * 1_000
    scores[517] = 0.99
    lines = drawing(explanation(scores, 517, 518), "#").splitlines()
    assert len(lines) == NUM_ROWS + 2
    assert max(map(len, lines)) <= MAX_COLUMNS + 5
    assert lines[0].count("#") == 1


def test_nothing_is_drawn_without_a_curve() -> None:
    assert drawing(explanation([0.5], 0, 1, curve=None)) == ""


def test_a_scene_has_no_line_of_dots() -> None:
    assert ".." not in drawing(explanation([0.5, 0.1, 0.1], 0, 1, thresholds=[]), "#")
