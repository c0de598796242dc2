"""Quarters of an hour in UTC as hours of a zone: what a heat map shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from earshot.store.statistics import QUARTER_NS, QuarterCount
from services.api.statistics_schemas import HourCounts, LabelCounts

_QUARTER_S = QUARTER_NS // 1_000_000_000


def hour_counts(
    counts: Sequence[QuarterCount], zone: ZoneInfo, from_ns: int, to_ns: int
) -> HourCounts:
    """Returns how many events of each label began in each hour of a zone.

    An hour that comes twice, when clocks are put back, is two; one that is skipped is none. The
    first and the last may be cut by the moments asked for.

    Args:
        counts: By quarter, of events between the two moments.
        zone: Whose hours are meant.
        from_ns: UTC nanoseconds.
        to_ns: UTC nanoseconds, later.
    """
    quarters = range(from_ns // QUARTER_NS, -(-to_ns // QUARTER_NS))
    hour_of = {quarter: _hour(quarter, zone) for quarter in quarters}
    hours = list(dict.fromkeys(hour_of.values()))
    position = {hour: i for i, hour in enumerate(hours)}
    by_label = {label: [0] * len(hours) for label in sorted({count.label for count in counts})}
    for count in counts:
        by_label[count.label][position[hour_of[count.quarter]]] += count.num_events
    labels = [
        LabelCounts(label=label, counts=each, total=sum(each)) for label, each in by_label.items()
    ]
    return HourCounts(
        zone=zone.key, hours=hours, labels=labels, total=sum(each.total for each in labels)
    )


def _hour(quarter: int, zone: ZoneInfo) -> str:
    moment = datetime.fromtimestamp(quarter * _QUARTER_S, zone)
    return moment.replace(minute=0, second=0).isoformat(timespec="minutes")
