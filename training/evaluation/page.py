"""The page of an evaluation: one HTML file that needs nothing else, no network and no script."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from training.evaluation.class_sections import (
    calibration_section,
    confusion_section,
    every_class_section,
    extremes_section,
    scatter_section,
)
from training.evaluation.evaluation import Evaluation
from training.evaluation.html_table import html_table
from training.evaluation.label_section import label_section
from training.evaluation.metric_phrases import PHRASES, shown

TILES = ("map", "hit_at_1", "auc", "d_prime")
SHOWN_DAMAGE = 20


def render_page(evaluation: Evaluation) -> str:
    """Returns the whole page; every name in it is escaped."""
    template = Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
    num_segments = shown(evaluation.values["num_segments"])
    sections = (
        _card(_facts_section(evaluation)),
        _card(_metric_section(evaluation)),
        _card(label_section(evaluation)),
        f'<div class="halves">{_card(calibration_section(evaluation))}'
        f"{_card(scatter_section(evaluation))}</div>",
        _card(extremes_section(evaluation)),
        _card(confusion_section(evaluation)),
        _card(every_class_section(evaluation)),
    )
    return template.substitute(
        title=escape(f"{evaluation.card.name_version}, measured"),
        subtitle=escape(f"{num_segments} segments · {evaluation.date}"),
        tiles="\n".join(_tile(evaluation, name) for name in TILES),
        sections="\n".join(sections),
    )


def _card(section: str) -> str:
    return f"<section>\n{section}\n</section>" if section else ""


def _tile(evaluation: Evaluation, name: str) -> str:
    value = shown(evaluation.values[name])
    return f'<div class="tile"><b>{value}</b><span class="soft">{PHRASES[name][0]}</span></div>'


def _metric_section(evaluation: Evaluation) -> str:
    rows = [(*PHRASES[name], shown(value, digits=4)) for name, value in evaluation.values.items()]
    return "<h2>Metrics</h2>\n" + html_table(("metric", "what it is", "value"), rows, num_texts=2)


def _facts_section(evaluation: Evaluation) -> str:
    card = evaluation.card
    facts = {
        "bundle": f"{card.name_version}, {card.num_classes} classes, made on {card.date}",
        "made by": f"<code>{escape(card.command)}</code>",
        "input": escape(f"embeddings of {card.embedding_space}"),
        "trained on": _trained_on(evaluation),
        "measured on": f"<code>{escape(evaluation.pattern)}</code>",
        "segments": f"{shown(len(evaluation.scores))}, damaged records {len(evaluation.damage)}",
        "measured by": f"<code>{escape(evaluation.command)}</code>",
        "date": escape(evaluation.date),
    }
    facts["bundle"] = escape(facts["bundle"])
    terms = "\n".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    return f"<h2>What was measured</h2>\n<dl>\n{terms}\n</dl>\n{_damage(evaluation)}"


def _trained_on(evaluation: Evaluation) -> str:
    sources = [
        f"{source.get('name', 'without a name')} ({source.get('licence', 'licence not said')})"
        for source in evaluation.card.data
    ]
    if not sources:
        return "not said"
    if len(sources) == 1:
        return escape(sources[0])
    listed = "".join(f"<li>{escape(source)}</li>" for source in sources)
    return f"<details><summary>{len(sources)} sources</summary><ul>{listed}</ul></details>"


def _damage(evaluation: Evaluation) -> str:
    if not evaluation.damage:
        return ""
    listed = "".join(f"<li>{escape(damage)}</li>" for damage in evaluation.damage[:SHOWN_DAMAGE])
    num_more = len(evaluation.damage) - SHOWN_DAMAGE
    more = f"<li>and {num_more:,} more</li>" if num_more > 0 else ""
    return (
        f"<details><summary>{len(evaluation.damage):,} records could not be read</summary>"
        f"<ul>{listed}{more}</ul></details>"
    )
