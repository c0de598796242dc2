"""Which event suppresses which: an alarm masks music, a bark its parent, the animal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from earshot.events.open_event import OpenEvent
from earshot.events.taxonomy import PRIORITIES, Label


class Masking:
    """Who masks whom among the labels of a taxonomy.

    A label is masked by every label that names it in `masks` or as its `parent`, while an event of
    that one is given out and not ended. Whether that event is suppressed itself does not matter,
    and what it would mask in turn is not asked: so an alarm that masks speech, which masks music,
    leaves the music to speech, each suppression says who is to blame for it alone, and nothing
    depends on the order in which events are looked at.
    """

    def __init__(self, labels: Sequence[Label], id_of: Callable[[OpenEvent], str]) -> None:
        """Looks up who masks whom.

        Args:
            labels: In the order of the taxonomy.
            id_of: Returns the id of an event.
        """
        self._id_of = id_of
        self._maskers = _maskers(tuple(labels))

    def suppressor(self, event: OpenEvent, lasting: Mapping[str, OpenEvent]) -> str:
        """Returns the id of the event that suppresses this one now; empty when none does.

        It stays the one it was while that one lasts. Otherwise the highest priority goes first,
        then the order of the taxonomy.

        Args:
            event: Whose `suppressed_by` says what suppressed it until now.
            lasting: By label, the event that is given out and not ended.
        """
        maskers = self._maskers[event.label]
        ids = [self._id_of(lasting[masker]) for masker in maskers if masker in lasting]
        if event.suppressed_by in ids:
            return event.suppressed_by
        return ids[0] if ids else ""


@lru_cache
def _maskers(labels: tuple[Label, ...]) -> Mapping[str, Sequence[str]]:
    """Returns who masks each label: the same for all sessions, of which there are many."""
    by_precedence = sorted(labels, key=lambda label: PRIORITIES.index(label.priority))
    return {
        label.name: tuple(masker.name for masker in by_precedence if _masks(masker, label))
        for label in labels
    }


def _masks(masker: Label, label: Label) -> bool:
    return masker.name != label.name and label.name in (*masker.masks, masker.parent)
