"""A line of a process' log, as people read it.

09:10:11 classifier-2  warning  dependency away  error='model earshot-default: …' num_messages=3
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

_NAME_CHARACTERS = 12
_TIME_CHARACTERS = 8
# Said by the prefix or by the place in the line.
_HIDDEN = ("service", "logger", "level", "timestamp", "event", "exception")

RESET = "\x1b[0m"
DIM = "\x1b[2m"
NAME_COLOURS = tuple(f"\x1b[{code}m" for code in (36, 35, 32, 34, 33, 96, 95, 92))
LEVEL_COLOURS = {"warning": "\x1b[33m", "error": "\x1b[31m", "critical": "\x1b[31m"}


def parse(line: str) -> dict[str, Any] | None:
    """Returns the fields of a JSON log line; None for any other line."""
    if not line.startswith("{"):
        return None
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def render(process: str, line: str, now: datetime, name_colour: str = "") -> str:
    """Returns a line of a process for people, without its end; a traceback adds more lines.

    Args:
        process: Who wrote it.
        line: One JSON object, or anything.
        now: The time to show when the line does not say its own, in the zone to show.
        name_colour: Escape sequence of the process' colour; empty for no colours at all.
    """
    fields = parse(line)
    if fields is None:
        fields = {"event": line.rstrip()}
    at = _local_time(fields.get("timestamp"), now)
    name = f"{process:<{_NAME_CHARACTERS}}"
    level = _printable(str(fields.get("level", "info")))
    words = [_printable(str(fields.get("event", "")))]
    if level != "info":
        words.insert(0, _coloured(level, LEVEL_COLOURS.get(level, "") if name_colour else ""))
    shown = {key: value for key, value in fields.items() if key not in _HIDDEN}
    details = " ".join(f"{_printable(key)}={_value(value)}" for key, value in shown.items())
    if details:
        words.append(_coloured(details, DIM if name_colour else ""))
    first = f"{at} {_coloured(name, name_colour)}  {'  '.join(words)}"
    indent = " " * (_TIME_CHARACTERS + 3 + len(name))
    traceback = str(fields.get("exception", "")).splitlines()
    return "\n".join([first, *(indent + _printable(text) for text in traceback)])


def _local_time(timestamp: object, now: datetime) -> str:
    try:
        moment = datetime.fromisoformat(str(timestamp)).astimezone(now.tzinfo)
    except ValueError:
        moment = now
    return f"{moment:%H:%M:%S}"


def _value(value: object) -> str:
    """A word as it is, other text quoted, so that fields can be told apart; the rest as JSON."""
    if not isinstance(value, str):
        return _printable(json.dumps(value, ensure_ascii=False, default=str))
    return value if value and value.isprintable() and " " not in value else repr(value)


def _printable(text: str) -> str:
    """Control characters from outside must not reach the terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in text)


def _coloured(text: str, colour: str) -> str:
    return f"{colour}{text}{RESET}" if colour else text
