"""A model's answer about windows, asked for in requests of a bounded size."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.messages import Codes
from earshot.scoring.errors import VersionChanged


class Scored(NamedTuple):
    """A model's answer to N windows of up to T patches.

    Attributes:
        scores: float32 (N, C), each window as a whole.
        patch_scores: float32 (N, T, C), each patch given those up to it; (N, C) of the newest
            patch alone in what `score_newest` returns.
        model: name@version that answered.
    """

    scores: NDArray[np.float32]
    patch_scores: NDArray[np.float32]
    model: str


Predict: TypeAlias = Callable[[Codes, NDArray[np.int32]], Scored]
"""uint8 (N, T, 128) and int32 (N,) patches in each window, to their scores."""


def score_newest(
    predict: Predict, codes: Codes, num_patches: NDArray[np.int32], max_rows: int
) -> Scored:
    """Asks in requests of at most `max_rows` windows; keeps only the newest patch of each.

    Args:
        predict: Asks the model; may raise what it likes.
        codes: uint8 (N, T, 128), as `windows_of` returns them; N may be 0, which asks nothing.
        num_patches: int32 (N,), patches in each window.
        max_rows: Windows per request, 1 or more.

    Raises:
        VersionChanged: One request was answered by another version than the one before.
    """
    if not len(codes):
        nothing = np.zeros((0, 0), np.float32)
        return Scored(nothing, nothing, "")
    scores, newest, model = [], [], ""
    for start in range(0, len(codes), max_rows):
        rows = slice(start, start + max_rows)
        answer = predict(codes[rows], num_patches[rows])
        if model not in ("", answer.model):
            raise VersionChanged(f"{answer.model} came after {model}")
        last = num_patches[rows] - 1
        scores.append(answer.scores)
        newest.append(answer.patch_scores[np.arange(len(last)), last])
        model = answer.model
    return Scored(np.concatenate(scores), np.concatenate(newest), model)
