"""`dataset.json`: what a dataset was made of and how, and what was left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earshot.audio.params import PATCH_HOP_SAMPLES, PATCH_SAMPLES, SAMPLE_RATE_HZ
from training.dataset.example import Segment
from training.dataset.stretch import Problem
from training.readers import ClassLabel
from training.session import today

DESCRIPTION_FILE = "dataset.json"


@dataclass(frozen=True, slots=True)
class Origin:
    """How a dataset was made.

    Attributes:
        source: The folder or manifest with the labels.
        background: The folder of sound without any; None for none.
        embedder: Its name@version.
        embedding_space: The space of the codes.
        segment_s: The longest a segment may be.
        command: What made it.
    """

    source: Path
    background: Path | None
    embedder: str
    embedding_space: str
    segment_s: float
    command: str


def describe(
    segments: Sequence[Segment],
    classes: Sequence[ClassLabel],
    origin: Origin,
    problems: Sequence[Problem],
) -> dict[str, Any]:
    """Returns the content of `dataset.json`; its seconds are 0.96 per patch, without padding."""
    return {
        "sources": {
            "labelled": str(origin.source),
            "background": str(origin.background) if origin.background else None,
        },
        "embedder": origin.embedder,
        "embedding_space": origin.embedding_space,
        "segment_s": origin.segment_s,
        "command": origin.command,
        "date": today(),
        "num_recordings": len({segment.recording_id for segment in segments}),
        **_amount(segments),
        "background": _amount([each for each in segments if not each.labels]),
        "num_padded": sum(_is_padded(each) for each in segments),
        "labels": [_describe_class(each, segments) for each in classes],
        "num_left_out": len(problems),
        "left_out": [{"place": each.place, "reason": each.reason} for each in problems],
    }


def _describe_class(label: ClassLabel, segments: Sequence[Segment]) -> dict[str, Any]:
    positives = [segment for segment in segments if label.display_name in segment.labels]
    return {
        "index": label.index,
        "mid": label.mid,
        "display_name": label.display_name,
        **_amount(positives),
    }


def _heard_s(segment: Segment) -> float:
    """A patch reaches 15 ms into the next, which is counted there."""
    hop_s = PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ
    return min(segment.end_s - segment.start_s, len(segment.codes) * hop_s)


def _is_padded(segment: Segment) -> bool:
    return round((segment.end_s - segment.start_s) * SAMPLE_RATE_HZ) < PATCH_SAMPLES


def _amount(segments: Sequence[Segment]) -> dict[str, Any]:
    seconds = sum(_heard_s(segment) for segment in segments)
    return {"num_segments": len(segments), "seconds": round(seconds, 3)}
