from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from earshot.cli.coverage_drawing import drawing_of


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def coverage(*moments: str, kinds: str, **sums: Any) -> dict[str, Any]:
    """Stretches from each moment of May 2026 to the next."""
    times = [f"2026-05-{moment}:00.000000Z" for moment in moments]
    stretches = [
        {"from": begin, "to": end, "kind": kind, "reason": ""}
        for begin, end, kind in zip(times, times[1:], kinds.split(), strict=False)
    ]
    nothing = {"heard_s": 0.0, "silent_s": 0.0, "lost_s": 0.0, "unknown_s": 0.0, "reasons": {}}
    ends = {"device": "kitchen", "from": times[0], "to": times[-1]}
    return {**ends, **nothing, **sums, "stretches": stretches}


def test_an_hour_is_a_line_and_a_minute_a_mark() -> None:
    found = coverage(
        "01T00:50",
        "01T01:20",
        "01T01:30",
        "01T02:10",
        kinds="heard silent absent",
        heard_s=1800.0,
        silent_s=600.0,
        unknown_s=2400.0,
        reasons={"stopped": 600.0, "no_source": 1800.0},
    )

    assert drawing_of(found).splitlines() == [
        "kitchen, 2026-05-01 00:50:00 to 2026-05-01 02:10:00",
        "",
        "# heard     0:30:00   37.5 %",
        "- silent    0:10:00   12.5 %",
        "! lost      0:00:00    0.0 %",
        ". absent    0:40:00   50.0 %",
        "",
        "not heard: no_source 0:30:00, stopped 0:10:00",
        "",
        f"00:00  {' ' * 50}{'#' * 10}",
        f"01:00  {'#' * 20}{'-' * 10}{'.' * 30}",
        f"02:00  {'.' * 10}",
    ]


def test_days_are_lines_of_24_minutes_a_mark() -> None:
    found = coverage("01T12:00", "03T00:00", kinds="heard", heard_s=129_600.0)

    assert drawing_of(found).splitlines()[-2:] == [
        f"05-01  {' ' * 30}{'#' * 30}",
        f"05-02  {'#' * 60}",
    ]


def test_the_smallest_loss_has_its_mark() -> None:
    found = coverage("01T00:00", "01T00:29", "01T00:30", "01T01:00", kinds="heard lost heard")
    heard, lost, _ = found["stretches"]
    heard["to"] = lost["from"] = "2026-05-01T00:29:59.900000Z"

    assert drawing_of(found).splitlines()[-1] == f"00:00  {'#' * 29}!{'#' * 30}"
