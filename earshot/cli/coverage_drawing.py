"""A device's coverage on a terminal: the sums, and a drawing with a mark for each minute."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

MARKS = {"heard": "#", "silent": "-", "lost": "!", "absent": "."}
SUMS = {"heard": "heard_s", "silent": "silent_s", "lost": "lost_s", "absent": "unknown_s"}
OUTSIDE = " "
NUM_MARKS = 60  # in a line: of an hour; of a day where there is more than one
HOUR_S, DAY_S = 3600.0, 86_400.0

_Span = tuple[float, float, str]  # from and to in seconds since 1970, and the kind


def drawing_of(coverage: Mapping[str, Any]) -> str:
    """Returns a device's coverage, as the API shows it; times are local.

    A mark is `lost` if any of its time was, and otherwise what most of its time was.
    """
    begin, end = (datetime.fromisoformat(coverage[name]).astimezone() for name in ("from", "to"))
    whole_s = (end - begin).total_seconds()
    lines = [f"{coverage['device']}, {begin:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S}", ""]
    for kind, name in SUMS.items():
        share = 100 * coverage[name] / whole_s
        lines.append(f"{MARKS[kind]} {kind:<7}{_duration(coverage[name]):>10}{share:>7.1f} %")
    reasons = sorted(coverage["reasons"].items(), key=lambda each: -each[1])
    if reasons:
        texts = (f"{reason} {_duration(seconds)}" for reason, seconds in reasons)
        lines += ["", f"not heard: {', '.join(texts)}"]
    lines += ["", *_lines(begin, end, _spans(coverage["stretches"]))]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _lines(begin: datetime, end: datetime, spans: Sequence[_Span]) -> Iterator[str]:
    is_short = (end - begin).total_seconds() <= 25 * HOUR_S  # a day when clocks are put back
    line_s, heading = (HOUR_S, "%H:%M") if is_short else (DAY_S, "%m-%d")
    first = begin.replace(minute=0, second=0, microsecond=0)
    at = first if is_short else first.replace(hour=0)
    begins_s = [span[0] for span in spans]
    while at < end:
        mark_s = line_s / NUM_MARKS
        at_s = at.timestamp()
        marks = (_mark(spans, begins_s, at_s + n * mark_s, mark_s) for n in range(NUM_MARKS))
        yield f"{at.strftime(heading)}  {''.join(marks)}"
        at = (at + timedelta(seconds=line_s)).astimezone()


def _mark(spans: Sequence[_Span], begins_s: Sequence[float], at_s: float, mark_s: float) -> str:
    lengths_s: Counter[str] = Counter()
    index = max(bisect_right(begins_s, at_s) - 1, 0)
    while index < len(spans) and spans[index][0] < at_s + mark_s:
        begin_s, end_s, kind = spans[index]
        length_s = min(end_s, at_s + mark_s) - max(begin_s, at_s)
        if length_s > 0:
            lengths_s[kind] += length_s  # type: ignore[assignment]  # a Counter may hold floats
        index += 1
    if not lengths_s:
        return OUTSIDE
    return MARKS["lost" if "lost" in lengths_s else lengths_s.most_common(1)[0][0]]


def _spans(stretches: Sequence[Mapping[str, str]]) -> list[_Span]:
    return [(_seconds(each["from"]), _seconds(each["to"]), each["kind"]) for each in stretches]


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
