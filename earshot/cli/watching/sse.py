"""Server-sent events, parsed.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """What was sent between two empty lines.

    Attributes:
        event: Its name; empty when there is none.
        data: Its lines, joined; empty in one that only tells an id.
        entry_id: Where to go on after it; empty when it does not say.
    """

    event: str = ""
    data: str = ""
    entry_id: str = ""


def messages(lines: Iterable[str]) -> Iterator[Message]:
    """Yields each message as soon as it is complete, those without data too.

    What is cut off by the end of the connection is left out, as the standard wants.

    Args:
        lines: Without their ends.
    """
    data: list[str] = []
    event = entry_id = ""
    for line in lines:
        if not line:
            yield Message(event, "\n".join(data), entry_id)
            data, event, entry_id = [], "", ""
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "event":
            event = value
        elif name == "id" and "\x00" not in value:
            entry_id = value
