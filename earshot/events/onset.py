"""n of m: a label's event begins when enough of its last patches reach `on_score`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from earshot.events.open_event import OpenEvent
from earshot.events.patch import Patch
from earshot.events.taxonomy import Label


class Onset:
    """The last patches of a label that has no event yet, from the first that reached `on_score`.

    It holds at most `start_window_patches` of unbroken sound, and none once the first has slid out
    of that window and no later one has reached `on_score`.
    """

    def __init__(self, state: Iterable[Sequence[Any]] = ()) -> None:
        """Begins without patches, or with those that `to_state` described."""
        self._heard = deque((score, Patch(*patch)) for score, *patch in state)

    def __bool__(self) -> bool:
        return bool(self._heard)

    def to_state(self) -> list[list[Any]]:
        """Returns it as JSON values."""
        return [[score, *patch] for score, patch in self._heard]

    def take(self, label: Label, score: float, patch: Patch) -> OpenEvent | None:
        """Takes in the next patch, and returns the event that begins with it, if one does.

        The event begins with the first patch of the window that reached `on_score`, and has taken
        in the patches since then at which the label was on, however long the pauses between.
        """
        self._heard.append((score, patch))
        if len(self._heard) > label.start_window_patches:
            self._heard.popleft()
        while self._heard and self._heard[0][0] < label.on_score:
            self._heard.popleft()
        num_reached = sum(score >= label.on_score for score, _ in self._heard)
        return self._begin(label) if num_reached >= label.start_patches else None

    def _begin(self, label: Label) -> OpenEvent:
        first = self._heard[0][1]
        event = OpenEvent.begin(label.name, label.category, label.priority, first)
        for score, patch in self._heard:
            event.follow(label, score, patch)
        return event
