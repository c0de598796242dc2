from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from earshot.store.cursor import Cursor
from earshot.store.errors import BadQuery
from earshot.store.filter import EventFilter

QUERY = EventFilter(labels=("Dog",))


def crafted(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def test_a_cursor_comes_back_as_it_was() -> None:
    cursor = Cursor(1_777_605_127_960_000_123, "2c7a")

    text = cursor.encode(QUERY)

    assert Cursor.decode(text, QUERY) == cursor
    assert text.isascii()
    assert "=" not in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "ünï",
        "\x00",
        "A" * 10_000,
        crafted(),
        crafted(1, 2),
        crafted("1", "id", QUERY.digest()),
        crafted(True, "id", QUERY.digest()),
        crafted(2**63, "id", QUERY.digest()),
        crafted(1, 7, QUERY.digest()),
        crafted(1, "nul\x00", QUERY.digest()),
        base64.urlsafe_b64encode(b"[" * 9_999).decode(),
    ],
)
def test_a_cursor_of_nobody_is_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="cursor: not one of ours"):
        Cursor.decode(text, QUERY)


def test_a_cursor_of_another_filter_is_refused() -> None:
    text = Cursor(1, "id").encode(EventFilter())

    with pytest.raises(BadQuery, match="cursor: belongs to another query"):
        Cursor.decode(text, QUERY)
