"""The score curve around an event, from the embeddings that were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.events.curve import Curve
from earshot.events.event import SCENE_CATEGORY, SoundEvent
from earshot.events.patch import NS_PER_SAMPLE
from earshot.events.scores import Gathering
from earshot.events.taxonomy import Taxonomy
from earshot.scoring.rescoring import ServedModel
from earshot.scoring.scored import Scored
from earshot.scoring.stretch import Stretch
from services.api.rescorer import CannotScore, Rescorer

PAD_S = 12  # of sound before the onset, and after the merge gap
MAX_CURVE_S = 3600
_NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class EventCurve:
    """A curve and where it comes from.

    Attributes:
        curve: The scores.
        model: name@version that scored it now.
        notes: What to bear in mind about it.
    """

    curve: Curve
    model: str
    notes: tuple[str, ...]


def event_curve(rescorer: Rescorer, event: SoundEvent, taxonomy: Taxonomy) -> EventCurve:
    """Returns the curve of an event's label, or of a scene, from before it to beyond its end.

    One model scores all of it: the one that scored its first patch then, if it is still served.

    Args:
        rescorer: What scores.
        event: The event.
        taxonomy: In force at its device now.

    Raises:
        CannotScore: There is no curve; says why.
        StoreUnavailable: The database does not answer.
    """
    position = _position(event, taxonomy)
    from_ns = event.onset_at_ns - PAD_S * _NS_PER_S
    wanted_ns = event.offset_at_ns + _after_ns(event, taxonomy)
    to_ns = min(wanted_ns, from_ns + MAX_CURVE_S * _NS_PER_S)
    kept = rescorer.kept(event.device_id, from_ns, to_ns)
    own = [stretch for stretch in kept if stretch.session_id == event.session_id]
    if not own:
        raise CannotScore("the embeddings of that time are not kept any more, or never were")
    first = next((each for each in own if event.onset_sample in each.first_samples), own[0])
    served = rescorer.served(first.model)
    alike = [each for each in own if each.embedding_space == first.embedding_space]
    curve = _scored(rescorer, alike, served, taxonomy, _Wanted(event.category, position, from_ns))
    notes = [served.remark, *_others(own, first)]
    if wanted_ns > to_ns:
        notes.append(
            f"The curve is that of the first {MAX_CURVE_S // 60} minutes; "
            "/v1/devices/{id}/scores has all of it."
        )
    return EventCurve(curve, served.model, tuple(note for note in notes if note))


@dataclass(frozen=True, slots=True)
class _Wanted:
    category: str
    position: int
    from_ns: int

    def class_indices(self, gathering: Gathering) -> NDArray[np.intp]:
        is_scene = self.category == SCENE_CATEGORY
        return (gathering.scenes if is_scene else gathering.labels).of(self.position)

    def class_scores(self, scored: Scored, indices: NDArray[np.intp]) -> NDArray[np.float16]:
        """As the notifier takes them: labels by their patches, scenes by windows."""
        by_class = scored.scores if self.category == SCENE_CATEGORY else scored.patch_scores
        return by_class[:, indices].astype(np.float16)


def _position(event: SoundEvent, taxonomy: Taxonomy) -> int:
    is_scene = event.category == SCENE_CATEGORY
    named = taxonomy.scenes.scenes if is_scene else taxonomy.labels
    names = [each.name for each in named]
    if event.label not in names:
        kind = "scene" if is_scene else "label"
        raise CannotScore(
            f"the taxonomy in force at {event.device_id} has no {kind} {event.label} now"
        )
    return names.index(event.label)


def _after_ns(event: SoundEvent, taxonomy: Taxonomy) -> int:
    merge_gap_samples = sum(
        label.merge_gap_samples for label in taxonomy.labels if label.name == event.label
    )
    return (merge_gap_samples + PAD_S * SAMPLE_RATE_HZ) * NS_PER_SAMPLE


def _others(own: Sequence[Stretch], first: Stretch) -> list[str]:
    models = dict.fromkeys(each.model for each in own if each.model != first.model)
    return [f"A part of it was scored by {model} then." for model in models]


def _scored(
    rescorer: Rescorer,
    own: Sequence[Stretch],
    served: ServedModel,
    taxonomy: Taxonomy,
    wanted: _Wanted,
) -> Curve:
    blocks: list[NDArray[np.float16]] = []
    names: tuple[str, ...] = ()
    for stretch in own:
        for scored in rescorer.scored(stretch, served):
            indices = wanted.class_indices(rescorer.gathering(taxonomy, scored))
            blocks.append(wanted.class_scores(scored, indices))
            if not names:
                all_names = rescorer.class_names(scored)
                names = tuple(all_names[index] for index in indices)
    at_ns = np.concatenate([each.at_ns for each in own])
    is_wanted = at_ns >= wanted.from_ns
    if not is_wanted.any():
        raise CannotScore("the embeddings of that time are not kept any more")
    return Curve(
        np.concatenate([each.first_samples for each in own])[is_wanted],
        at_ns[is_wanted],
        np.concatenate([each.levels_dbfs for each in own])[is_wanted],
        names,
        np.concatenate(blocks)[is_wanted],
    )
