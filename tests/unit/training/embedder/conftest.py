"""Rows of a manifest that exist nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from training.embedder.recordings import Recording


@pytest.fixture
def recording() -> Callable[..., Recording]:
    def make(file: str, labels: tuple[str, ...] = ("Dog",), **fields: Any) -> Recording:
        made_up = {
            "licence": "CC0 1.0",
            "attribution": file,
            "source_repo": "a/b",
            "tier": "A",
            "duration_s": 5.0,
            "fold": "",
            "label_of_set": "",
            "near_duplicate_group": "",
        }
        return Recording(file=file, labels=labels, **{**made_up, **fields})

    return make
