"""What the models learnt from, for their cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from training.embedder.recordings import Recording


def data_sources(recordings: Sequence[Recording]) -> list[dict[str, Any]]:
    """Returns the recordings by licence and tier, and the teacher, for a card's `data`."""
    counts = Counter((recording.licence, recording.tier) for recording in recordings)
    sources: list[dict[str, Any]] = [
        {
            "name": f"{count} recordings of tier {tier}",
            "licence": licence,
            "attribution": "each author is named in models/NOTICE",
        }
        for (licence, tier), count in sorted(counts.items())
    ]
    teacher = {
        "name": "YAMNet, whose scores were imitated",
        "licence": "Apache-2.0",
        "attribution": "Google, https://github.com/tensorflow/models",
    }
    return [*sources, teacher]
