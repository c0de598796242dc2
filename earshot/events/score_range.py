"""Whether numbers are scores: asked of every patch, so it must not take long."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ONE_BITS = int(np.float16(1).view(np.uint16))


def are_scores(values: NDArray[np.float16]) -> bool:
    """Returns whether all are from 0 to 1; NaN is not.

    The bits of float16 from 0 to 1 are whole numbers in the same order (IEEE 754), and everything
    else has higher ones. To find the highest takes a third of the time of comparing the numbers.
    """
    if values.view(np.uint16).max(initial=0) <= ONE_BITS:
        return True
    return bool(((values >= 0) & (values <= 1)).all())  # a negative zero is a score, too
