"""RFC 3339 text as nanoseconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earshot.events.cloud_event import utc_text
from services.api.moment import parse_moment

MIDNIGHT_NS = 1_777_593_600_000_000_000  # `date -u -d 2026-05-01 +%s`


@pytest.mark.parametrize(
    ("text", "after_midnight_ns"),
    [
        ("2026-05-01T00:00:00Z", 0),
        ("2026-05-01t00:00:00z", 0),
        ("2026-05-01 00:00:00Z", 0),
        ("2026-05-01T02:00:00+02:00", 0),
        ("2026-05-01T02:00:00 02:00", 0),  # a `+` that was not escaped in a URL
        ("2026-04-30T20:30:00-03:30", 0),
        ("2026-05-01T00:00:00.5Z", 500_000_000),
        ("2026-05-01T00:00:00.123456789Z", 123_456_789),
    ],
)
def test_moment_is_exact_to_the_nanosecond_when_written_in_rfc_3339(
    text: str, after_midnight_ns: int
) -> None:
    assert parse_moment(text) == MIDNIGHT_NS + after_midnight_ns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-05-01",
        "2026-05-01T00:00Z",
        "2026-05-01T00:00:00",
        "2026-02-29T00:00:00Z",
        "2026-05-01T24:00:01Z",
        "2026-05-01T00:00:00+25:00",
        "2026-05-01T00:00:00.1234567890Z",
        "٢026-05-01T00:00:00Z",
        "1777593600",
        None,
    ],
)
def test_text_is_refused_when_it_is_no_moment(text: object) -> None:
    with pytest.raises(ValueError, match="must be an RFC 3339 time"):
        parse_moment(text)


@given(st.integers(min_value=-(10**18), max_value=2**62).map(lambda ns: ns // 1000 * 1000))
def test_moment_comes_back_when_it_was_written_by_us(moment_ns: int) -> None:
    assert parse_moment(utc_text(moment_ns)) == moment_ns
