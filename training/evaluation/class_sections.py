"""The page's parts on the bundle's classes."""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from training import metrics
from training.evaluation.drawing import FIRST, SECOND
from training.evaluation.evaluation import Evaluation
from training.evaluation.figures import (
    average_precision_bars,
    average_precision_scatter,
    reliability_figure,
)
from training.evaluation.html_table import html_table
from training.evaluation.metric_phrases import shown

NUM_EXTREMES = 20
NUM_CONFUSIONS = 25


def calibration_section(evaluation: Evaluation) -> str:
    """Returns the reliability diagram of all scores of all classes."""
    bins = metrics.reliability(evaluation.scores, evaluation.labels)
    return f"""<h2>Can a score be taken as a probability?</h2>
<p>Every score of every class, sorted into {len(bins.counts)} bins. On the dashed line a
score of 0.8 is right in 80 % of the cases; above it the scores are too low, below it too high. The
bars count the scores, on a logarithmic scale. ECE {shown(evaluation.values["ece"], digits=4)}.</p>
{reliability_figure(bins)}"""


def extremes_section(evaluation: Evaluation) -> str:
    """Returns the classes of the lowest and of the highest average precision."""
    ap = evaluation.per_class.ap
    ascending = np.argsort(ap, kind="stable")[: np.count_nonzero(~np.isnan(ap))]
    worst = ascending[: min(NUM_EXTREMES, (len(ascending) + 1) // 2)]
    best = ascending[::-1][: min(NUM_EXTREMES, len(ascending) // 2)]
    halves = [
        f"<div><h3>The {title} {len(rows)}</h3>\n{_bars(evaluation, rows, colour, title)}</div>"
        for title, rows, colour in (("worst", worst, SECOND), ("best", best, FIRST))
        if len(rows)
    ]
    return f"""<h2>Worst and best classes</h2>
<p>Average precision · positive segments. Each half has a scale of its own.</p>
<div class="halves">
{"".join(halves) or "No class has a positive example."}
</div>"""


def _bars(evaluation: Evaluation, rows: NDArray[np.int64], colour: str, title: str) -> str:
    return average_precision_bars(
        [evaluation.classes.display_names[row] for row in rows],
        evaluation.per_class.ap[rows],
        evaluation.per_class.num_positives[rows],
        colour,
        f"Average precision of the {title} classes",
    )


def scatter_section(evaluation: Evaluation) -> str:
    """Returns average precision over number of positives; nothing if no class has any."""
    has_positives = evaluation.per_class.num_positives > 0
    if not has_positives.any():
        return ""
    drawing = average_precision_scatter(
        evaluation.per_class.ap[has_positives], evaluation.per_class.num_positives[has_positives]
    )
    return f"""<h2>Do frequent classes do better?</h2>
<p>A dot per class with a positive example.</p>
{drawing}"""


def confusion_section(evaluation: Evaluation) -> str:
    """Returns the most frequent pairs of a missed class and what scored highest instead."""
    names = evaluation.classes.display_names
    positives = evaluation.per_class.num_positives
    confusions = metrics.most_frequent_confusions(
        evaluation.scores, evaluation.labels, NUM_CONFUSIONS
    )
    rows = [
        [
            names[confusion.true_class],
            names[confusion.predicted_class],
            f"{confusion.num_examples:,}",
            f"{100 * confusion.num_examples / positives[confusion.true_class]:.0f} %",
        ]
        for confusion in confusions
    ]
    header = ("true", "heard first instead", "segments", "of the true ones")
    return f"""<h2>Most frequent confusions</h2>
<p>Segments whose highest score is none of their classes, counted once for each class they have.</p>
{html_table(header, rows, num_texts=2) if rows else "<p>None.</p>"}"""


def every_class_section(evaluation: Evaluation) -> str:
    """Returns a row per class, folded away, and the names of those that could not be measured."""
    measures, classes = evaluation.per_class, evaluation.classes
    columns = (
        *(measures.ap, measures.auc),
        *(measures.threshold, measures.precision, measures.recall, measures.f1),
    )
    rows = [
        [
            *(name, mid, str(index), f"{measures.num_positives[index]:,}"),
            *(shown(float(column[index])) for column in columns),
        ]
        for index, (name, mid) in enumerate(zip(classes.display_names, classes.mids, strict=True))
    ]
    header = ("class", "id", "index", "positives", "AP", "AUC", "best F1 at")
    table = html_table((*header, "precision", "recall", "F1"), rows, num_texts=2)
    return f"""<h2>Every class</h2>
{_left_out(evaluation)}
<details><summary>{len(rows)} classes</summary>
{table}
</details>"""


def _left_out(evaluation: Evaluation) -> str:
    without = evaluation.per_class.without_positives
    if len(without) == 0:
        return "<p>Every class has a positive example.</p>"
    names = " · ".join(escape(evaluation.classes.display_names[index]) for index in without)
    return (
        f"<details><summary>{len(without)} classes have no positive example and are left out "
        f"of the means</summary><p>{names}</p></details>"
    )
