"""An evaluation as tables for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.table import Table
from rich.text import Text

from training.evaluation.metric_phrases import PHRASES, shown
from training.evaluation.product_labels import ProductLabels, label_rows


def metric_table(values: Mapping[str, float | int | None], title: str) -> Table:
    """Returns metric, value and a phrase on what it is, for each of the values."""
    table = Table(title=Text(title, "bold"), title_justify="left", box=box.SIMPLE, padding=(0, 1))
    table.add_column("metric", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("what it is", style="dim")
    for name, value in values.items():
        if name == "num_segments":
            table.add_section()
        shown_name, phrase = PHRASES[name]
        table.add_row(shown_name, shown(value, digits=4), phrase)
    return table


def label_table(product: ProductLabels) -> Table:
    """Returns the product's labels: how they rank, and what two thresholds give.

    Best F1 is chosen on the measured segments; `on` is the taxonomy's.
    """
    table = Table(
        title=Text("The product's labels", "bold"),
        title_justify="left",
        caption="P precision, R recall; best F1 is chosen on these segments, on is the taxonomy's",
        caption_justify="left",
        box=box.SIMPLE,
        padding=(0, 1),
        collapse_padding=True,
        pad_edge=False,
    )
    table.add_column("label")
    for name in ("true", "AP", "best\nF1 at", "P", "R", "on\nat", "P", "R"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, *numbers in label_rows(product):
        table.add_row(Text(name), *numbers)
    return table
