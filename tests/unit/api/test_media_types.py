"""Which kind of answer is chosen for what a client accepts."""

from __future__ import annotations

import pytest

from services.api.media_types import choose

OFFERED = ("application/json", "text/csv", "application/x-ndjson")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        (" , ", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("Text/CSV; charset=utf-8", "text/csv"),
        ("text/*", "text/csv"),
        ("application/*", "application/json"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("text/csv;q=0.5, application/x-ndjson;q=0.9", "application/x-ndjson"),
        ("application/json;q=0, */*", "text/csv"),
        ("*/*;q=0.1, text/csv;q=0.2", "text/csv"),
        ("text/html", None),
        ("text/csv;q=0", None),
        ("text/csv;q=loud", None),
        ("nonsense", None),
    ],
)
def test_the_best_liked_is_chosen(accept: str, chosen: str | None) -> None:
    assert choose(accept, OFFERED) == chosen
