"""Quarters of an hour in UTC as hours of a zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from earshot.store.statistics import QuarterCount
from services.api.hour_counts import hour_counts

QUARTER_S = 900


def quarter(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp()) // QUARTER_S


def counted(
    zone: str, first: str, last: str, *counts: tuple[str, str, int]
) -> tuple[list[str], dict[str, list[int]]]:
    """Returns hours and counts of events given as moment, label, number."""
    found = [QuarterCount(quarter(at), label, number) for at, label, number in counts]
    from_ns, to_ns = (int(datetime.fromisoformat(m).timestamp()) * 10**9 for m in (first, last))
    answer = hour_counts(found, ZoneInfo(zone), from_ns, to_ns)
    assert answer.total == sum(number for _, _, number in counts)
    return answer.hours, {each.label: each.counts for each in answer.labels}


def test_quarters_of_an_hour_are_summed_by_label() -> None:
    hours, counts = counted(
        "UTC",
        "2026-05-01T00:00Z",
        "2026-05-01T03:00Z",
        ("2026-05-01T00:00Z", "Dog", 2),
        ("2026-05-01T00:45Z", "Dog", 3),
        ("2026-05-01T01:15Z", "Cat", 4),
    )
    assert hours == [f"2026-05-01T0{hour}:00+00:00" for hour in range(3)]
    assert counts == {"Cat": [0, 4, 0], "Dog": [5, 0, 0]}


def test_an_hour_that_comes_twice_is_two() -> None:
    hours, counts = counted(
        "Europe/Berlin",
        "2026-10-25T01:00+02:00",
        "2026-10-25T04:00+01:00",
        ("2026-10-25T02:30+02:00", "Dog", 1),
        ("2026-10-25T02:30+01:00", "Dog", 2),
    )
    times = ["01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00"]
    assert hours == [f"2026-10-25T{time}" for time in times]
    assert counts == {"Dog": [0, 1, 2, 0]}


def test_an_hour_that_is_skipped_is_none() -> None:
    hours, _ = counted("Europe/Berlin", "2026-03-29T01:00+01:00", "2026-03-29T04:00+02:00")
    assert hours == ["2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00"]


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Kolkata", "+05:30"), ("Asia/Kathmandu", "+05:45")]
)
def test_hours_are_the_zones_own_when_its_offset_is_not_whole(zone: str, offset: str) -> None:
    hours, counts = counted(
        zone,
        f"2026-05-01T08:00{offset}",
        f"2026-05-01T10:00{offset}",
        (f"2026-05-01T08:45{offset}", "Dog", 1),
        (f"2026-05-01T09:00{offset}", "Dog", 2),
    )
    assert hours == [f"2026-05-01T08:00{offset}", f"2026-05-01T09:00{offset}"]
    assert counts == {"Dog": [1, 2]}


def test_the_first_and_last_hour_are_there_when_cut() -> None:
    hours, _ = counted("UTC", "2026-05-01T00:59Z", "2026-05-01T02:01Z")
    assert hours == [f"2026-05-01T0{hour}:00+00:00" for hour in range(3)]
