"""Curves of one label, written down as the lines of `feeding.play`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from earshot.events.curve import Curve
from tests.unit.events.feeding import BORN_NS, HOP, HOP_NS, SCORES


def curve(*lines: str, first_patch: int = 0, names: Sequence[str] = ()) -> Curve:
    """A line of `SCORES` per class; a blank is a patch that is missing."""
    patches = [index for index, mark in enumerate(lines[0]) if mark != " "]
    scores = [[SCORES[line[index]] for line in lines] for index in patches]
    return curve_of(scores, [first_patch + index for index in patches], names)


def curve_of(
    scores: Sequence[Sequence[float]], patches: Sequence[int], names: Sequence[str] = ()
) -> Curve:
    numbers = np.array(patches, np.int64)
    return Curve(
        numbers * HOP,
        BORN_NS + numbers * HOP_NS,
        np.full(len(numbers), -30.0, np.float32),
        tuple(names) or tuple(f"class {index}" for index in range(len(scores[0]))),
        np.array(scores, np.float16),
    )
