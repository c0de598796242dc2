from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earshot.events.stretch import Coverage, Stretch
from earshot.events.timeline import MAX_STRETCHES, Timeline, timeline

S = 10**9
NOW_S = 10_000
HEARD, SILENT, LOST, ABSENT = Coverage


def of(
    begin_s: float,
    end_s: float,
    coverage: Coverage = HEARD,
    reason: str = "",
    then: str = "no_source",
) -> Stretch:
    return Stretch(int(begin_s * S), int(end_s * S), coverage, reason, then)


def seen(known: list[Stretch], begin_s: int = 0, end_s: int = 100, now_s: int = NOW_S) -> Timeline:
    return timeline(known, begin_s * S, end_s * S, now_s * S)


def brief(found: Timeline) -> list[str]:
    return [
        f"{begin_at_ns / S:g}-{end_at_ns / S:g} {coverage.value} {reason}".strip()
        for begin_at_ns, end_at_ns, coverage, reason, _ in map(astuple, found.stretches)
    ]


CASES: dict[str, tuple[list[Stretch], list[str]]] = {
    "nothing": ([], ["0-100 absent no_source"]),
    "all of it": ([of(-5, 200)], ["0-100 heard"]),
    "before and after": (
        [of(-50, -40, then="stopped"), of(20, 30)],
        ["0-20 absent stopped", "20-30 heard", "30-100 absent no_source"],
    ),
    "pieces that touch": ([of(0, 40), of(40, 100)], ["0-100 heard"]),
    "one that is there twice": ([of(0, 40), of(0, 40), of(40, 100)], ["0-100 heard"]),
    "the best counts": (
        [
            of(0, 60, LOST, "overflow"),
            of(10, 30, SILENT),
            of(20, 100),
            of(0, 100, ABSENT, "paused"),
        ],
        ["0-10 lost overflow", "10-20 silent", "20-100 heard"],
    ),
    "an end says what follows": (
        [of(0, 10, then="stopped"), of(50, 60, LOST, "stalled", then="stalled")],
        ["0-10 heard", "10-50 absent stopped", "50-60 lost stalled", "60-100 absent stalled"],
    ),
}


@pytest.mark.parametrize(("known", "expected"), CASES.values(), ids=CASES.keys())
def test_a_timeline_has_no_hole(known: list[Stretch], expected: list[str]) -> None:
    found = seen(known)

    assert brief(found) == expected
    assert found.resolution_ns == 0


def test_moments_are_cut_to_microseconds() -> None:
    found = timeline(
        [Stretch(1_500, 2_000, HEARD), Stretch(2_000, 7_999, LOST)], 999, 9_000, 10**18
    )

    assert [each.end_at_ns for each in found.stretches] == [1_000, 2_000, 7_000, 9_000]


@pytest.mark.parametrize(
    ("known", "now_s", "expected"),
    [
        ([of(0, 50)], 55, ["0-50 heard", "50-100 absent not_yet"]),
        ([of(0, 30)], 95, ["0-30 heard", "30-95 absent no_source", "95-100 absent not_yet"]),
        (
            [of(0, 50, then="stopped")],
            55,
            [
                "0-50 heard",
                "50-55 absent stopped",
                "55-100 absent not_yet",
            ],
        ),
        ([], 50, ["0-50 absent no_source", "50-100 absent not_yet"]),
        ([of(-9, -2)], 50, ["0-100 absent not_yet"]),
        ([of(-99, -92)], 50, ["0-50 absent no_source", "50-100 absent not_yet"]),
        ([of(0, 90)], 50, ["0-90 heard", "90-100 absent not_yet"]),
    ],
)
def test_what_may_be_on_its_way_is_not_missed_yet(
    known: list[Stretch], now_s: int, expected: list[str]
) -> None:
    assert brief(seen(known, now_s=now_s)) == expected


def test_reasons_say_how_long_what_was_missing_lasted() -> None:
    found = seen([of(0, 10), of(10, 12.5, LOST, "overflow"), of(20, 21, LOST, "overflow")])

    assert found.reasons_ns == {"overflow": int(3.5 * S), "no_source": int(86.5 * S)}
    assert found.covered_ns == {
        HEARD: 10 * S,
        SILENT: 0,
        LOST: int(3.5 * S),
        ABSENT: int(86.5 * S),
    }


def test_too_many_stretches_are_drawn_coarser_and_no_loss_disappears() -> None:
    flapping = [of(n, n + 0.9, SILENT if n % 3 else HEARD) for n in range(5000)]
    lost = of(3000.9, 3001, LOST, "overflow")

    found = seen([*flapping, lost], 0, 5000)

    assert len(found.stretches) <= MAX_STRETCHES
    assert found.resolution_ns == 2.5 * S
    assert [each.reason for each in found.stretches if each.coverage is LOST] == ["overflow"]
    assert found.covered_ns[LOST] == S // 10
    assert_whole(found, 0, 5000 * S)


def assert_whole(found: Timeline, begin_ns: int, end_ns: int) -> None:
    assert sum(found.covered_ns.values()) == end_ns - begin_ns
    missing_ns = found.covered_ns[LOST] + found.covered_ns[ABSENT]
    assert sum(found.reasons_ns.values()) == missing_ns
    assert found.stretches[0].begin_at_ns == begin_ns
    assert found.stretches[-1].end_at_ns == end_ns
    for one, other in zip(found.stretches, found.stretches[1:], strict=False):
        assert one.end_at_ns == other.begin_at_ns
        assert (one.coverage, one.reason) != (other.coverage, other.reason)


moments = st.integers(0, 400 * 1000)
stretches = st.builds(
    lambda begin, length, coverage: Stretch(
        begin, begin + length, coverage, "why" if coverage in (LOST, ABSENT) else ""
    ),
    moments,
    st.integers(1, 200 * 1000),
    st.sampled_from(Coverage),
)


@given(st.lists(stretches, max_size=12), moments, st.integers(1, 300), moments)
def test_the_parts_add_up_and_order_does_not_matter(
    known: list[Stretch], begin_ns: int, length_us: int, now_ns: int
) -> None:
    begin_ns -= begin_ns % 1000
    end_ns = begin_ns + length_us * 1000

    found = timeline(known, begin_ns, end_ns, now_ns)

    assert_whole(found, begin_ns, end_ns)
    backwards = timeline(known[::-1], begin_ns, end_ns, now_ns)
    assert backwards.covered_ns == found.covered_ns
    for each in known:
        inside = max(0, min(each.end_at_ns, end_ns) - max(each.begin_at_ns, begin_ns))
        better = sum(
            ns for kind, ns in found.covered_ns.items() if _rank(kind) <= _rank(each.coverage)
        )
        assert better >= inside - 2000


def _rank(coverage: Coverage) -> int:
    return list(Coverage).index(coverage)
