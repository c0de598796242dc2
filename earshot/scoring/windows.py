"""Windows of patches: what the frame-level model is shown for each new patch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.code import CODE_BYTES
from earshot.contracts.messages import Codes, Embeddings


def windows_of(
    embeddings: Sequence[Embeddings], window_patches: int
) -> tuple[Codes, NDArray[np.int32]]:
    """Returns one window per patch: that patch and up to `window_patches` - 1 before it.

    Patches before the entry's own come from its context, so a window never depends on how the
    stream was cut into entries.

    Args:
        embeddings: n_i patches and m_i of context each.
        window_patches: W, 1 or more.

    Returns:
        uint8 (N, T, 128) with N = sum of n_i and T the longest window, padded with 0 at the end;
        int32 (N,), patches in each window.
    """
    rows = [_rows(each, window_patches) for each in embeddings]
    lengths = np.array([len(window) for windows in rows for window in windows], np.int32)
    batch = np.zeros((len(lengths), int(lengths.max(initial=0)), CODE_BYTES), np.uint8)
    for row, window in zip(batch, (w for windows in rows for w in windows), strict=True):
        row[: len(window)] = window
    return batch, lengths


def _rows(embeddings: Embeddings, window_patches: int) -> list[Codes]:
    known = np.concatenate([embeddings.context, embeddings.codes])
    first = len(embeddings.context) + 1
    return [known[max(0, end - window_patches) : end] for end in range(first, len(known) + 1)]
