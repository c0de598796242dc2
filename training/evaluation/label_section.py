"""The page's part on the product's labels: a table, and a curve for each."""

from __future__ import annotations

from html import escape

from training import metrics
from training.evaluation.evaluation import Evaluation
from training.evaluation.figures import precision_recall_figure
from training.evaluation.html_table import html_table
from training.evaluation.metric_phrases import shown
from training.evaluation.product_labels import ProductLabels, label_rows

HEADER = (
    *("label", "positives", "AP", "best F1 at", "precision", "recall"),
    *("on at", "precision", "recall"),
)
MEANING = """<p>A label's score is the highest of its classes' scores. The best F1 is found on
these very segments, so it flatters; <i>on</i> is the taxonomy's threshold. The product decides
every 0.96 s, here a whole segment counts once.</p>"""
LEGEND = """<p class="soft" style="margin-top: 1rem"><span class="dot"></span> the taxonomy's
threshold &nbsp; <span class="ring"></span> best F1 &nbsp; dashed: guessing</p>"""


def label_section(evaluation: Evaluation) -> str:
    """Returns the part, or a sentence where the bundle lacks the taxonomy's classes."""
    product = evaluation.product
    if product is None:
        return (
            "<h2>The product's labels</h2>\n<p>Not measured: the bundle does not have the classes "
            "that the taxonomy names.</p>"
        )
    panels = "\n".join(_panel(product, index) for index in range(len(product.taxonomy.labels)))
    return f"""<h2>The product's labels</h2>
{MEANING}
{html_table(HEADER, label_rows(product))}
{LEGEND}
<div class="panels">
{panels}
</div>"""


def _panel(product: ProductLabels, index: int) -> str:
    name = product.taxonomy.labels[index].name
    num_positives = int(product.measures.num_positives[index])
    if num_positives == 0:
        return f"<figure><figcaption><b>{escape(name)}</b>no positive segment</figcaption></figure>"
    is_positive = product.is_positive[:, index]
    curve = metrics.precision_recall_curve(product.scores[:, index], is_positive)
    on_point = float(product.recall_at_on[index]), float(product.precision_at_on[index])
    drawing = precision_recall_figure(name, curve, len(is_positive), on_point)
    words = "positive" if num_positives == 1 else "positives"
    note = f"AP {shown(float(product.measures.ap[index]))}, {num_positives:,} {words}"
    on_score = product.taxonomy.labels[index].on_score
    if curve.thresholds[0] < on_score:
        note += f", nothing reaches {on_score:g}"
    return f"<figure><figcaption><b>{escape(name)}</b>{note}</figcaption>{drawing}</figure>"
