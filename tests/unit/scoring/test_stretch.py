from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from earshot.scoring.stretch import Stretch, stretches
from earshot.scoring.windows import windows_of
from earshot.store.kept_embeddings import KeptPatches

W = 4
HOP = 15_360


def kept(
    patches: Sequence[int], session: str = "s", model: str = "m@1", space: str = "x"
) -> KeptPatches:
    """Patches by their numbers, which are also the bytes of their codes."""
    numbers = np.array(patches, np.int64)
    codes = np.repeat(numbers.astype(np.uint8)[:, np.newaxis], 128, axis=1)
    levels = -numbers.astype(np.float32)
    return KeptPatches(
        "d", session, model, "e@1", space, numbers * HOP * 62_500, numbers * HOP, codes, levels
    )


def said(stretch: Stretch) -> tuple[str, str, list[int], list[int]]:
    numbers = (stretch.first_samples // HOP).tolist()
    assert stretch.codes[:, 0].tolist() == numbers
    assert (-stretch.levels_dbfs).tolist() == numbers
    return stretch.session_id, stretch.model, numbers, stretch.context[:, 0].tolist()


def test_context_is_empty_at_a_sessions_start_and_after_a_gap() -> None:
    found = stretches([kept([0, 1, 2, 5, 6]), kept([3, 4], session="t")], W)
    assert [said(each) for each in found] == [
        ("s", "m@1", [0, 1, 2], []),
        ("t", "m@1", [3, 4], []),
        ("s", "m@1", [5, 6], []),
    ]


def test_context_reaches_back_over_a_change_of_the_model() -> None:
    found = stretches([kept([5], model="m@2"), kept([0, 1, 2, 3, 4]), kept([6], model="m@3")], W)
    assert [said(each) for each in found] == [
        ("s", "m@1", [0, 1, 2, 3, 4], []),
        ("s", "m@2", [5], [2, 3, 4]),
        ("s", "m@3", [6], [3, 4, 5]),
    ]


def test_models_that_take_turns_are_as_many_stretches() -> None:
    found = stretches([kept([0, 1, 4]), kept([2, 3], model="m@2")], W)
    assert [said(each)[1:] for each in found] == [
        ("m@1", [0, 1], []),
        ("m@2", [2, 3], [0, 1]),
        ("m@1", [4], [1, 2, 3]),
    ]


def test_codes_of_another_space_are_a_stretch_of_their_own() -> None:
    found = stretches([kept([0, 1]), kept([2], space="y")], W)
    assert [each.embedding_space for each in found] == ["x", "y"]


def test_nothing_kept_is_no_stretch() -> None:
    assert stretches([], W) == []
    assert stretches([kept([])], W) == []


@given(num_before=st.integers(0, 6), total=st.integers(1, 20), size=st.integers(1, 7))
def test_entries_give_the_windows_that_the_whole_gives(
    num_before: int, total: int, size: int
) -> None:
    patches = range(num_before + total)
    before, own = kept(patches[:num_before], model="m@0"), kept(patches[num_before:])
    stretch = stretches([before, own], W)[-1]
    whole, lengths = windows_of(list(stretch.entries(total, W)), W)
    cut, cut_lengths = windows_of(list(stretch.entries(size, W)), W)
    assert np.array_equal(whole, cut)
    assert np.array_equal(lengths, cut_lengths)
    newest = whole[np.arange(total), lengths - 1, 0]
    assert newest.tolist() == list(patches[num_before:])
    assert lengths.tolist() == [min(W, number + 1) for number in patches[num_before:]]


def test_entries_carry_their_place_and_level() -> None:
    (stretch,) = stretches([kept([3, 4, 5])], W)
    *_, last = stretch.entries(2, W)
    assert (last.header.first_sample, last.header.captured_at_ns) == (5 * HOP, 5 * 960_000_000)
    assert last.level_dbfs.tolist() == [-5.0]
    assert (last.embedder, last.embedding_space) == ("e@1", "x")
