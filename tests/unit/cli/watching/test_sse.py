"""Server-sent events, parsed as the standard says."""

from __future__ import annotations

import pytest

from earshot.cli.watching.sse import Message, messages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: 1-0\nevent: sound\ndata: {}\n\n", [Message("sound", "{}", "1-0")]),
        ("data:a\ndata:  b\n\n", [Message("", "a\n b", "")]),
        ("retry: 1000\n: a comment\n\n", [Message()]),
        (": heartbeat\nid: 2-0\n\n", [Message(entry_id="2-0")]),
        ("id: 1\x00\ndata: x\n\n", [Message(data="x")]),
        ("unknown: x\ndata\n\ndata: y\n\n", [Message(), Message(data="y")]),
        ("data: cut off", []),
    ],
)
def test_messages_are_what_is_between_empty_lines(text: str, expected: list[Message]) -> None:
    assert list(messages(text.split("\n")[:-1])) == expected
