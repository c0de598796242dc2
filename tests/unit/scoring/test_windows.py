from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from earshot.contracts.messages import Embeddings, Header
from earshot.scoring.windows import windows_of

W = 4


def embeddings(num_context: int, num_patches: int, first: int = 0) -> Embeddings:
    """Codes whose bytes are the patch's number, so that windows can be read off."""
    numbers = np.arange(first, first + num_context + num_patches, dtype=np.uint8)
    codes = np.repeat(numbers[:, np.newaxis], 128, axis=1)
    return Embeddings(Header("d", "s", 0), codes[num_context:], codes[:num_context])


def test_a_window_ends_at_its_patch_and_reaches_into_the_context() -> None:
    codes, lengths = windows_of([embeddings(3, 2), embeddings(0, 1, 50)], W)
    assert lengths.tolist() == [4, 4, 1]
    assert codes[:, :, 0].tolist() == [[0, 1, 2, 3], [1, 2, 3, 4], [50, 0, 0, 0]]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_windows_do_not_depend_on_how_the_stream_was_cut(counts: list[int]) -> None:
    total = sum(counts)
    whole, whole_lengths = windows_of([embeddings(0, total)], W)
    parts, at = [], 0
    for count in counts:
        num_context = min(at, W - 1)
        parts.append(embeddings(num_context, count, at - num_context))
        at += count
    cut, cut_lengths = windows_of(parts, W)
    assert np.array_equal(whole, cut)
    assert np.array_equal(whole_lengths, cut_lengths)
