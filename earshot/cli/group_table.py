"""Consumer groups on a terminal: a line each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from earshot.cli.stream_groups import StandingGroup

HEADINGS = (
    "STREAM", "GROUP", "ROLE", "CONSUMERS", "PENDING", "LAG", "ASKED LAST", "TRIMMED PAST"
)  # fmt: skip


def table_of(groups: Sequence[StandingGroup], now_s: float) -> str:
    """Returns the groups in columns under headings, times in this machine's time zone.

    Args:
        groups: What to show.
        now_s: Seconds since 1970.
    """
    rows = [HEADINGS, *(_cells(group, now_s) for group in groups)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def json_lines(groups: Sequence[StandingGroup]) -> str:
    """Returns a JSON object in a line for each group."""
    return "".join(f"{json.dumps(_members(group))}\n" for group in groups)


def _members(group: StandingGroup) -> dict[str, object]:
    return {
        "stream": group.stream,
        "group": group.group,
        "role": _role(group),
        "consumers": group.num_consumers,
        "pending": group.pending,
        "lag": group.lag,
        "idle_s": group.idle_s,
        "trimmed_past": group.trimmed_past,
    }


def _cells(group: StandingGroup, now_s: float) -> tuple[str, ...]:
    numbers = (group.num_consumers, group.pending, group.lag)
    asked = "-" if group.idle_s is None else _moment(now_s - group.idle_s)
    names = (group.stream, _printable(group.group), _role(group))
    return (*names, *map(str, numbers), asked, str(group.trimmed_past))


def _role(group: StandingGroup) -> str:
    return "owner" if group.is_owner else "guest"


def _moment(moment_s: float) -> str:
    return f"{datetime.fromtimestamp(moment_s, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)
