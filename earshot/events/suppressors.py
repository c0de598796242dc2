"""What suppressed an event, and until when, as its revisions tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from earshot.events.event import EventState, SoundEvent
from earshot.events.reason import Reason
from earshot.events.taxonomy import Taxonomy


def suppressors(
    revisions: Sequence[SoundEvent], others: Mapping[str, SoundEvent], taxonomy: Taxonomy
) -> list[Reason]:
    """Returns when something began to suppress the event, and when nothing did any more.

    Args:
        revisions: Of the event, oldest first.
        others: The events that their `suppressed_by` name, by id; those that are gone left out.
        taxonomy: In force at the device now.
    """
    reasons: list[Reason] = []
    before = ""
    for revision in revisions:
        if revision.suppressed_by != before:
            reasons.append(_reason(revision, others, taxonomy))
        before = revision.suppressed_by
    return reasons


def _reason(revision: SoundEvent, others: Mapping[str, SoundEvent], taxonomy: Taxonomy) -> Reason:
    is_first = revision.state is EventState.STARTED
    at_ns = revision.onset_at_ns if is_first else revision.offset_at_ns
    if not revision.suppressed_by:
        return Reason(at_ns, "free", "From here on nothing suppresses it.")
    other = others.get(revision.suppressed_by)
    if other is None:
        sentence = f"Masked by the event {revision.suppressed_by}, which is not kept any more."
        return Reason(at_ns, "masked", sentence)
    parents = {label.name: label.parent for label in taxonomy.labels}
    if parents.get(other.label) == revision.label:
        sentence = f"Suppressed by {other.label}, which lasts too and says it more exactly."
        return Reason(at_ns, "suppressed", f"{sentence} ({other.event_id})")
    sentence = f"Masked by {other.label}, which lasts too and may sound like it."
    return Reason(at_ns, "masked", f"{sentence} ({other.event_id})")
