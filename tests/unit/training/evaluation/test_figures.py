"""Drawings are valid SVG in the page's colours, and take any name."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="needs the training extra (matplotlib)")

from training import metrics
from training.evaluation.drawing import FAINT, FIRST, INK, SECOND, draw_svg
from training.evaluation.evaluation import Evaluation
from training.evaluation.figures import (
    average_precision_bars,
    average_precision_scatter,
    precision_recall_figure,
    reliability_figure,
)


def texts(svg: str) -> list[str]:
    # As in HTML, where these prefixes are known.
    declared = svg.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"', 1)
    root = ElementTree.fromstring(declared)
    return [element.text or "" for element in root.iter("text")]


def every_figure(evaluation: Evaluation) -> list[str]:
    scores, labels = evaluation.scores, evaluation.labels
    measures = evaluation.per_class
    rows = np.arange(7)
    curve = metrics.precision_recall_curve(scores[:, 0], labels[:, 0])
    names = [evaluation.classes.display_names[row] for row in rows]
    return [
        precision_recall_figure(names[0], curve, len(scores), (0.5, 0.5)),
        reliability_figure(metrics.reliability(scores, labels)),
        average_precision_bars(names, measures.ap[:7], measures.num_positives[:7], FIRST, "bars"),
        average_precision_scatter(measures.ap[:7], measures.num_positives[:7]),
    ]


def test_figures_are_well_formed_and_take_the_colours_of_the_page(evaluation: Evaluation) -> None:
    for svg in every_figure(evaluation):
        assert texts(svg)
        for stand_in in (INK, FAINT, FIRST, SECOND):
            assert stand_in not in svg
        assert "var(--first)" in svg
        assert not re.search(r"#(?!m|p|C)[0-9a-f]{6}\b", svg)
        assert "mathdefault" not in svg


def test_a_figure_is_the_same_bytes_each_time(evaluation: Evaluation) -> None:
    assert every_figure(evaluation) == every_figure(evaluation)


def test_names_stand_as_they_are_and_long_ones_are_cut(evaluation: Evaluation) -> None:
    names = list(evaluation.classes.display_names)
    ap = np.linspace(0.1, 0.8, len(names))
    shown = texts(average_precision_bars(names, ap, np.arange(1, 9), SECOND, "bars"))
    assert set(names[:6]) <= set(shown)
    assert "a name so long that no drawing has the ro…" in shown
    assert {"0.100 · 1", "0.800 · 8"} <= set(shown)


def test_counts_stand_over_the_bars_of_the_reliability_diagram() -> None:
    scores = np.repeat(np.array([0.1, 0.5, 0.9], np.float32), [5, 1234, 56789])
    svg = reliability_figure(metrics.reliability(scores, scores > 0.4))
    assert {"5", "1.2k", "56k"} <= set(texts(svg))


def test_a_threshold_that_nothing_reaches_has_no_dot() -> None:
    curve = metrics.precision_recall_curve(
        np.array([0.5, 0.2], np.float32), np.array([True, False])
    )
    with_dot = precision_recall_figure("Dog", curve, 2, (1.0, 1.0))
    without = precision_recall_figure("Dog", curve, 2, (0.0, float("nan")))
    assert "var(--second)" in with_dot
    assert "var(--second)" not in without


def test_the_description_is_escaped() -> None:
    svg = draw_svg(1, 1, 'a "b" <c>', lambda figure: figure.subplots())
    assert 'aria-label="a &quot;b&quot; &lt;c&gt;"' in svg
