"""The page is valid, needs nothing from outside, and shows every name as it is."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="needs the training extra (matplotlib)")

from training.evaluation.evaluation import Evaluation
from training.evaluation.page import render_page

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Checks that elements nest, and collects text and ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page_is_well_formed_and_each_id_is_there_once(evaluation: Evaluation) -> None:
    page = Page(render_page(evaluation))
    assert "small@3, measured" in page.text
    assert sorted(set(page.ids)) == sorted(page.ids)


def test_page_needs_no_network_and_no_script(evaluation: Evaluation) -> None:
    text = render_page(evaluation)
    page = Page(text)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not re.search(r"https?:|@import|url\((?!#)|\bsrc=", text)


def test_every_name_is_escaped(evaluation: Evaluation) -> None:
    text = render_page(evaluation)
    page = Page(text)
    for name in evaluation.classes.display_names:
        assert escape(name) in text
        assert name in page.text
    for raw in ("<script", "<b>wolves", "<i>sounds", "<here>", "<data>"):
        assert raw not in text


def test_what_was_measured_is_said(evaluation: Evaluation) -> None:
    text = Page(render_page(evaluation)).text
    for fact in (
        *("<data>/*.tfrecord", "earshot evaluate --data-pattern", "2026-02-28", "2026-01-31"),
        *("<i>sounds</i> (CC0)", "more (licence not said)", "python -m training.train --out"),
        *("byte 7: checksum", "1 classes have no positive example", "Never heard"),
    ):
        assert fact in text
    assert f"{evaluation.values['gap']:.4f}" in text


def test_every_class_has_a_row_and_every_label_a_panel(evaluation: Evaluation) -> None:
    text = render_page(evaluation)
    rows = text[text.index("<h2>Every class") :].count("<tr>")
    assert rows == 1 + len(evaluation.classes)
    assert text.count("<figure>") == 3
    assert "no positive segment" in text


def test_page_without_the_products_labels_says_so(evaluation: Evaluation) -> None:
    text = render_page(dataclasses.replace(evaluation, product=None))
    assert "Not measured: the bundle does not have the classes" in Page(text).text


def test_page_can_be_made_of_segments_without_any_positive(
    make_evaluation: Callable[[np.ndarray], Evaluation],
) -> None:
    text = Page(render_page(make_evaluation(np.zeros((5, 8), np.bool_)))).text
    assert "8 classes have no positive example" in text
    assert "No class has a positive example." in text


def test_page_can_be_made_of_one_segment(
    make_evaluation: Callable[[np.ndarray], Evaluation],
) -> None:
    Page(render_page(make_evaluation(np.eye(8, dtype=np.bool_)[:1])))
