"""What is said about one file: the object of `--format ndjson`, which is a contract."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.cli.errors import FileRefused
from earshot.cli.hearing.heard import Heard
from earshot.contracts.messages import Scores
from earshot.events.event import SoundEvent
from earshot.events.labels import ClassIndex

_SCORE_DIGITS = 4  # more than float16 has


@dataclass(frozen=True, slots=True)
class TopClass:
    """One of the model's classes, with its highest patch score."""

    label: str
    mid: str
    score: float


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """One event: label, seconds from the recording's start, highest patch score."""

    label: str
    onset_s: float
    offset_s: float
    score: float

    @classmethod
    def of(cls, event: SoundEvent) -> Self:
        """Returns what is said of an event. A sample is 62.5 µs, so six digits say it exactly."""
        return cls(
            event.label,
            round(event.onset_sample / SAMPLE_RATE_HZ, 6),
            round(event.offset_sample / SAMPLE_RATE_HZ, 6),
            round(event.peak_score, _SCORE_DIGITS),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What is said about one file.

    Attributes:
        file: As it was named.
        duration_s: Length; None, as all the others, when the file was refused.
        sample_rate_hz: Of the file.
        top: The classes with the highest patch scores, highest first.
        events: By onset.
        model: name@version of the frame-level model.
        error: Why the file was refused, in one line; None when it was heard.
    """

    file: str
    duration_s: float | None = None
    sample_rate_hz: int | None = None
    top: tuple[TopClass, ...] = ()
    events: tuple[ReportedEvent, ...] = ()
    model: str | None = None
    error: str | None = None

    @classmethod
    def of_heard(cls, heard: Heard, classes: ClassIndex, model: str, num_top: int) -> Self:
        """Returns the report of a recording."""
        return cls(
            str(heard.recording.path),
            round(heard.recording.duration_s, 6),
            heard.recording.sample_rate_hz,
            top_classes(heard.highest, classes, num_top),
            tuple(map(ReportedEvent.of, heard.events)),
            model,
        )

    @classmethod
    def of_refused(cls, path: Path, refusal: FileRefused) -> Self:
        """Returns the report of a file that cannot be used."""
        return cls(str(path), error=refusal.reason)

    def to_json(self) -> dict[str, Any]:
        """Returns the object, as JSON values."""
        return asdict(self)


def top_classes(highest: Scores, classes: ClassIndex, num_top: int) -> tuple[TopClass, ...]:
    """Returns the classes of the highest scores; of equal ones that with the lower index first.

    Args:
        highest: float16 (C,).
        classes: C of them.
        num_top: How many, at most.
    """
    order = np.argsort(-highest, kind="stable")[:num_top]
    return tuple(
        TopClass(
            classes.display_names[index],
            classes.mids[index],
            round(float(highest[index]), _SCORE_DIGITS),
        )
        for index in order
    )
