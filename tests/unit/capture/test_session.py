from __future__ import annotations

import re

from services.capture.session import Session, SessionIds


def test_an_id_is_the_ulid_of_its_time_and_random_bits() -> None:
    # The time is the example of the ULID specification: 01ARZ3NDEKTSV4RRFFQ69G5FAV.
    ids = SessionIds(clock_ns=lambda: 1_469_922_850_259 * 1_000_000, random_bits=lambda _: 1)
    assert ids() == "01ARZ3NDEK" + "0000000000000001"


def test_the_largest_random_part_fills_its_sixteen_characters() -> None:
    ids = SessionIds(clock_ns=lambda: 0, random_bits=lambda bits: 2**bits - 1)
    assert ids() == "0" * 10 + "Z" * 16


def test_ids_grow_within_a_millisecond_and_when_the_clock_goes_back() -> None:
    times_ns = iter([5_000_000, 5_000_000, 5_999_999, 2_000_000, 6_000_000])
    random_parts = iter([7, 3, 2**80 - 1, 1, 0])
    ids = SessionIds(lambda: next(times_ns), lambda _: next(random_parts))
    made = [ids() for _ in range(5)]
    assert made == sorted(set(made))


def test_ids_of_the_real_clock_are_distinct_sorted_and_well_formed() -> None:
    ids = SessionIds()
    made = [ids() for _ in range(1_000)]
    assert made == sorted(set(made))
    assert all(re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", made_id) for made_id in made)


def test_time_of_day_follows_the_sample_index_exactly() -> None:
    session = Session("kitchen", "S", started_at_ns=10)
    day_samples = 86_400 * 16_000
    assert session.captured_at_ns(day_samples) == 10 + 86_400 * 10**9
    assert session.captured_at_ns(1) == 10 + 62_500
