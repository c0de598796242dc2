from __future__ import annotations

import pytest

from training.dataset.stretch import read_labels, read_times


def test_labels_are_split_at_semicolons() -> None:
    assert read_labels(" Dog ; Bark, loud;;Dog") == ("Dog", "Bark, loud")
    assert read_labels(" ; ") == ()


@pytest.mark.parametrize(
    ("start", "end", "times"),
    [
        ("1.5", "2", (1.5, 2.0)),
        ("", "2", (0.0, 2.0)),
        ("1", "", (1.0, None)),
        ("", "", (0.0, None)),
    ],
)
def test_times_may_be_left_out(start: str, end: str, times: tuple[float, float | None]) -> None:
    assert read_times(start, end) == times


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        ("2", "1", "ends at 1 s, before its start at 2 s"),
        ("2", "2", "is a point at 2 s"),
        ("", "0", "is a point at 0 s"),
        ("1:30", "2", "must be numbers of seconds"),
        ("-1", "2", "must be 0 or more"),
        ("1", "inf", "must be 0 or more"),
        ("nan", "2", "must be 0 or more"),
    ],
)
def test_times_that_make_no_stretch_are_refused(start: str, end: str, problem: str) -> None:
    assert problem in str(read_times(start, end))
