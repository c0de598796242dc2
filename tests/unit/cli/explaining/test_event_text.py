from __future__ import annotations

from earshot.cli.explaining.event_text import event_text
from tests.unit.cli.explaining.answers import explanation


def test_an_explanation_is_its_event_reasons_and_thresholds() -> None:
    assert event_text(explanation([0.1, 0.9], 1, 2), "curve\n").splitlines() == [
        "2026-05-01 03:12:08  kitchen           Siren                 ended        1.0 s  0.90",
        "",
        "curve",
        "",
        "03:12:08.00  started     It started.",
        "             peak        Its highest score was high.",
        "",
        "on_score  0.5  higher is stricter  label Siren, t:1",
    ]


def test_what_is_missing_and_what_to_bear_in_mind_comes_last() -> None:
    answer = explanation(
        [0.9], 0, 1, thresholds=[], curve_missing_because="all is gone", notes=["Other then."]
    )
    lines = event_text(answer, "").splitlines()
    assert lines[-3:] == ["", "There are no scores: all is gone.", "Note: Other then."]


def test_a_long_sentence_is_folded_and_nothing_reaches_the_terminal_raw() -> None:
    sentence = "word " * 40 + "\x1b[2J"
    answer = explanation([0.9], 0, 1, reasons=[{"at": None, "kind": "peak", "sentence": sentence}])
    text = event_text(answer, "")
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text
