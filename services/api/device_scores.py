"""Scores of a device over a stretch of time, and how each label stood: from kept embeddings."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from earshot.events.patch import PATCH_HOP_NS
from earshot.events.scores import label_scores
from earshot.events.standing import LabelStanding, label_standings
from earshot.events.taxonomy import Taxonomy
from earshot.events.tracker import Tracker
from earshot.scoring.rescoring import ServedModel
from earshot.scoring.stretch import Stretch
from services.api.rescorer import Rescorer

# A label's standing depends on what was heard since its event began: for so long it is looked
# back, which is as long as an event lasts by default. From one that lasts longer, a part is seen.
WARM_UP_NS = 625 * PATCH_HOP_NS  # 600 s


@dataclass(slots=True)
class Told:
    """What a stretch says of one label.

    Attributes:
        scores: One per patch.
        changes: When it came to stand otherwise: UTC of the patch, and how.
    """

    scores: list[float] = field(default_factory=list)
    changes: list[tuple[int, LabelStanding]] = field(default_factory=list)

    def add(self, at_ns: int, standing: LabelStanding) -> None:
        """Takes in the next patch."""
        self.scores.append(standing.score or 0.0)
        if not self.changes or self.changes[-1][1].standing is not standing.standing:
            self.changes.append((at_ns, standing))


@dataclass(frozen=True, slots=True, eq=False)
class ToldStretch:
    """A stretch scored again.

    Attributes:
        stretch: As it was kept.
        served: Who scored it now.
        positions: Which of its patches are told of, a slice.
        labels: By name, in the order of the taxonomy.
    """

    stretch: Stretch
    served: ServedModel
    positions: slice
    labels: dict[str, Told]


def told_stretches(
    rescorer: Rescorer,
    taxonomy: Taxonomy,
    device_id: str,
    from_ns: int,
    to_ns: int,
    labels: Collection[str],
) -> list[ToldStretch]:
    """Returns what was kept of a device between two moments, scored and followed by trackers.

    Args:
        rescorer: What scores.
        taxonomy: In force at the device.
        device_id: The device.
        from_ns: Patches that begin at this moment or later …
        to_ns: … and before this one.
        labels: Which labels to tell of.

    Raises:
        CannotScore: The model server does not answer, or cannot be used.
        StoreUnavailable: The database does not answer.
    """
    trackers: dict[str, Tracker] = {}
    told: list[ToldStretch] = []
    served: dict[str, ServedModel] = {}
    for stretch in rescorer.kept(device_id, max(0, from_ns - WARM_UP_NS), to_ns):
        if stretch.model not in served:
            served[stretch.model] = rescorer.served(stretch.model)
        session = stretch.session_id
        tracker = trackers.setdefault(session, Tracker(taxonomy, device_id, session))
        by_label = {label.name: Told() for label in taxonomy.labels if label.name in labels}
        first = int(np.searchsorted(stretch.at_ns, from_ns))
        walk = _standings(rescorer, taxonomy, stretch, served[stretch.model], tracker, first)
        for at_ns, standings in walk:
            for standing in standings:
                if standing.label in by_label:
                    by_label[standing.label].add(at_ns, standing)
        if first < len(stretch):
            positions = slice(first, len(stretch))
            told.append(ToldStretch(stretch, served[stretch.model], positions, by_label))
    return told


def _standings(
    rescorer: Rescorer,
    taxonomy: Taxonomy,
    stretch: Stretch,
    served: ServedModel,
    tracker: Tracker,
    first: int,
) -> Iterator[tuple[int, list[LabelStanding]]]:
    """Moves the tracker on over a stretch; yields how labels stand from patch `first` on."""
    for position, of_labels, of_scenes in _scores(rescorer, taxonomy, stretch, served):
        level_dbfs = stretch.levels_dbfs[position : position + 1]
        header = stretch.header(position)
        tracker.advance(header, of_labels, level_dbfs, (stretch.embedder, served.model), of_scenes)
        if position >= first:
            state, scores = tracker.to_state(), of_labels[0].tolist()
            yield (
                header.captured_at_ns,
                label_standings(taxonomy, stretch.device_id, stretch.session_id, state, scores),
            )


def _scores(
    rescorer: Rescorer, taxonomy: Taxonomy, stretch: Stretch, served: ServedModel
) -> Iterator[tuple[int, NDArray[np.float16], NDArray[np.float16]]]:
    """Yields each patch's position, and float16 (1, L) and (1, S): its labels and its scenes."""
    position = 0
    for scored in rescorer.scored(stretch, served):
        gathering = rescorer.gathering(taxonomy, scored)
        of_labels = label_scores(scored.patch_scores, gathering.labels)
        of_scenes = label_scores(scored.scores, gathering.scenes)
        for row in range(len(of_labels)):
            yield position, of_labels[row : row + 1], of_scenes[row : row + 1]
            position += 1
