"""The drawings of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from training.evaluation.drawing import FAINT, FIRST, INK, SECOND, draw_svg
from training.metrics import PrecisionRecallCurve, Reliability

NAME_LETTERS = 42


def precision_recall_figure(
    name: str,
    curve: PrecisionRecallCurve,
    num_examples: int,
    on_point: tuple[float, float],
) -> str:
    """Returns a label's precision over its recall.

    A ring marks the best F1, a dot the product's threshold, a dashed line guessing.

    Args:
        name: Of the label.
        curve: With at least one positive.
        num_examples: Positives and negatives.
        on_point: Recall and precision at the product's threshold; NaN draws no dot.
    """
    best = int(np.argmax(curve.f1))

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        chance = curve.num_positives / num_examples
        axes.axhline(chance, color=INK, linewidth=0.7, linestyle=(0, (2, 3)), alpha=0.7)
        axes.plot(curve.recall, curve.precision, color=FIRST, linewidth=1.4)
        best_point = curve.recall[best], curve.precision[best]
        axes.plot(*best_point, "o", color=INK, markerfacecolor="none", markersize=7)
        if not np.isnan(on_point).any():
            axes.plot(*on_point, "o", color=SECOND, markersize=5)
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.05), xlabel="recall", ylabel="precision")
        axes.set(xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))

    return draw_svg(2.5, 2.0, f"Precision over recall of {name}", paint)


def reliability_figure(bins: Reliability) -> str:
    """Returns the share that is true over the score, and under it how many scores there are.

    Args:
        bins: Equal bins of 0..1; empty ones are not drawn.
    """
    edges = np.linspace(0, 1, len(bins.counts) + 1)
    centres, width = (edges[1:] + edges[:-1]) / 2, edges[1]
    full = bins.counts > 0

    def paint(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(5, 2))
        upper.plot((0, 1), (0, 1), color=INK, linewidth=0.7, linestyle=(0, (2, 3)), alpha=0.7)
        points = bins.mean_scores[full], bins.positive_shares[full]
        upper.plot(*points, "o-", color=FIRST, markersize=4, linewidth=1.4)
        upper.set(xlim=(0, 1), ylim=(0, 1.03), ylabel="share that is true")
        lower.bar(centres[full], bins.counts[full], width * 0.8, color=FIRST, alpha=0.6, log=True)
        # The bars begin at 1, and the numbers above them need room.
        lower.set(ylim=(0.7, bins.counts.max() * 12), xlabel="score", ylabel="scores")
        lower.yaxis.set_major_formatter(lambda value, _: _short(round(value)))
        lower.grid(visible=False)
        for centre, count in zip(centres[full], bins.counts[full], strict=True):
            lower.text(centre, count * 1.3, _short(int(count)), ha="center", fontsize=6)

    return draw_svg(4.0, 4.2, "Reliability diagram: share that is true over the score", paint)


def average_precision_bars(
    names: Sequence[str],
    ap: NDArray[np.float64],
    num_positives: NDArray[np.int64],
    colour: str,
    description: str,
) -> str:
    """Returns a bar per class, from the top, its name above it; the longest fills the width."""
    longest = max(float(ap.max()), 1e-9)

    def paint(figure: Figure) -> None:
        axes = figure.subplots()
        axes.axis("off")
        rows = np.arange(len(names))
        axes.barh(rows, ap / longest, height=0.3, color=colour)
        for row, (name, value, count) in enumerate(zip(names, ap, num_positives, strict=True)):
            shown = name if len(name) <= NAME_LETTERS else name[: NAME_LETTERS - 1] + "…"
            axes.text(0, row - 0.24, shown, va="bottom")
            axes.text(1, row - 0.24, f"{value:.3f} · {count:,}", va="bottom", ha="right")
        axes.set(xlim=(0, 1), ylim=(len(names) - 0.7, -0.8))

    return draw_svg(3.9, 0.2 + 0.27 * len(names), description, paint)


def average_precision_scatter(ap: NDArray[np.float64], num_positives: NDArray[np.int64]) -> str:
    """Returns a dot per class: its average precision over its number of positives, at least 1."""

    def paint(figure: Figure) -> None:
        axes: Any = figure.subplots()
        axes.scatter(num_positives, ap, s=9, color=FIRST, alpha=0.55, linewidths=0)
        median = float(np.median(ap))
        axes.axhline(median, color=SECOND, linewidth=1)
        axes.annotate(
            f"median {median:.2f}",
            (1, median),
            (-2, 3),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
        )
        axes.set(xscale="log", ylim=(-0.02, 1.02))
        axes.set(xlabel="positive segments", ylabel="average precision")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.xaxis.set_minor_formatter("")
        axes.grid(color=FAINT)

    return draw_svg(4.0, 3.6, "Average precision of each class over its positives", paint)


def _short(count: int) -> str:
    """Returns a count of at most four letters or so: 940, 31k, 5.2M."""
    for limit, unit in ((10**6, "M"), (10**3, "k")):
        if count >= limit:
            return f"{count / limit:.1f}{unit}" if count < 10 * limit else f"{count // limit}{unit}"
    return str(count)
