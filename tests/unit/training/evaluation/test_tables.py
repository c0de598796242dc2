"""Tables that fit a terminal of 80 columns, whatever the labels are called."""

from __future__ import annotations

import io

from rich.console import Console
from rich.table import Table

from training.evaluation.evaluation import Evaluation
from training.evaluation.tables import label_table, metric_table


def printed(table: Table) -> str:
    text = io.StringIO()
    Console(file=text, width=80).print(table)
    return text.getvalue()


def test_metric_table_says_name_value_and_meaning(evaluation: Evaluation) -> None:
    text = printed(metric_table(evaluation.values, "[small]@3"))
    assert "[small]@3" in text
    assert f"{evaluation.values['map']:.4f}" in text
    assert "segments whose highest score is a true class" in text
    assert "damaged             1" in text


def test_metric_table_shows_what_is_not_defined_as_a_dash(evaluation: Evaluation) -> None:
    text = printed(metric_table({**evaluation.values, "d_prime": None}, "small"))
    line = next(line for line in text.splitlines() if "d′" in line)
    assert "–" in line


def test_label_table_has_a_line_per_label(evaluation: Evaluation) -> None:
    assert evaluation.product is not None
    lines = printed(label_table(evaluation.product)).splitlines()
    assert max(map(len, lines)) <= 80
    line = next(line for line in lines if "[red]Birds" in line)
    assert line.split()[-3] == "0.350"
    line = next(line for line in lines if "Nothing" in line)
    assert line.split() == ["Nothing", "0", "–", "–", "–", "–", "1.000", "–", "–"]
