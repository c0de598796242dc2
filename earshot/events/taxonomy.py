"""The taxonomy: the labels a product acts on, and when each of them starts and ends."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

CATEGORIES = (
    "safety",
    "impact",
    "human",
    "animal",
    "music",
    "mechanical",
    "environmental",
)
PRIORITIES = ("critical", "high", "normal", "low")


@dataclass(frozen=True, slots=True)
class Label:
    """A sound worth an event, made of one or more classes of the model.

    Attributes:
        name: What people and rules call it.
        category: One of `CATEGORIES`.
        priority: One of `PRIORITIES`.
        classes: Display names of its member classes; its score is the highest of theirs.
        on_score: A patch with at least this score starts an event, or goes on with one.
        off_score: An event goes on while the score is at least this; at most `on_score`.
        min_duration_samples: From onset to the end known so far, before it counts as an event;
            at 16 kHz.
        merge_gap_samples: Silence of the label after which a new onset is still the same event;
            at 16 kHz.
    """

    name: str
    category: str
    priority: str
    classes: tuple[str, ...]
    on_score: float
    off_score: float
    min_duration_samples: int
    merge_gap_samples: int


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All labels, in the order of the file.

    Attributes:
        labels: At least one; no two of the same name.
        places: Where each class of each label was named, `file:line: key: ` for messages.
    """

    labels: tuple[Label, ...]
    places: dict[tuple[str, str], str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def taxonomy_hash(self) -> str:
        """16 hexadecimal digits that change with anything that decides about events."""
        canonical = json.dumps([asdict(label) for label in self.labels], sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]
