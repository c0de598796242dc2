"""A sound event as the demonstration looks at it, and the truth it is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.cli.soundscapes.soundscape import Occurrence, Soundscape
from earshot.events.event import SoundEvent


@dataclass(frozen=True, slots=True)
class Heard:
    """One event in one of its revisions.

    Attributes:
        event_id: The same in all revisions.
        device_id: Who heard it.
        label: What it is.
        state: `started`, `updated` or `ended`.
        onset_s: From the beginning of the recording.
        offset_s: The same; its end known so far.
        peak_score: 0 to 1.
    """

    event_id: str
    device_id: str
    label: str
    state: str
    onset_s: float
    offset_s: float
    peak_score: float

    @classmethod
    def of(cls, event: SoundEvent) -> Heard:
        """Returns a revision as it stands on the events stream."""
        return cls(
            event.event_id,
            event.device_id,
            event.label,
            event.state.value,
            event.onset_sample / SAMPLE_RATE_HZ,
            event.offset_sample / SAMPLE_RATE_HZ,
            event.peak_score,
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One sound that is there for sure, and the event that found it.

    Attributes:
        device_id: Who should have heard it.
        expected: The truth.
        found: The first event of the same device and label that overlaps it; None: missed.
    """

    device_id: str
    expected: Occurrence
    found: Heard | None


def compare(soundscapes: Iterable[Soundscape], heard: Sequence[Heard]) -> list[Finding]:
    """Returns what became of each sound that is known to be there."""
    return [
        Finding(scape.device_id, expected, _first_match(scape.device_id, expected, heard))
        for scape in soundscapes
        for expected in scape.truth
    ]


def unexpected(findings: Iterable[Finding], heard: Iterable[Heard]) -> list[Heard]:
    """Returns the events that no known sound explains."""
    explained = [(finding.device_id, finding.expected) for finding in findings]
    return [h for h in heard if not any(_matches(device, e, h) for device, e in explained)]


def _first_match(device_id: str, expected: Occurrence, heard: Iterable[Heard]) -> Heard | None:
    matching = (each for each in heard if _matches(device_id, expected, each))
    return min(matching, key=lambda each: each.onset_s, default=None)


def _matches(device_id: str, expected: Occurrence, heard: Heard) -> bool:
    overlaps = heard.onset_s < expected.offset_s and heard.offset_s > expected.onset_s
    return (heard.device_id, heard.label) == (device_id, expected.label) and overlaps
