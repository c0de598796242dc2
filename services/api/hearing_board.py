"""What is told of each device: made anew at most once a second, for all who ask.

How labels stand is not worked out here. It is what the notifier has committed, held against the
scores of the very entry that was committed last: so what is shown as an event is one. See
docs/decisions/0015-what-is-heard-now.md.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import TypeAdapter
from sqlalchemy import Engine

from earshot.events.scene_standing import scene_standing
from earshot.events.scores import label_scores
from earshot.events.standing import label_standings
from earshot.events.taxonomy import Taxonomy
from earshot.model_labels import ModelLabels
from earshot.store.batch import stored_progress
from earshot.store.device_state import DeviceState
from earshot.store.engine import reading
from earshot.store.errors import StoreUnavailable
from earshot.store.places import Place, stored_places
from earshot.store.progress import Progress, SessionKey
from earshot.streams.errors import BadMessage, DependencyAway
from services.api.heard import Heard, HeardDevice, HeardEntry
from services.api.hearing_answers import Labels, device_answer, last_answer
from services.api.hearing_schemas import ClassScore, LastPrediction

FRESH_S = 1.0
KEPT_S = 10.0  # what nobody has asked for so long
NUM_TOP = 5

_LAST = TypeAdapter(list[LastPrediction])


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a device.

    Attributes:
        device_id: The device.
        number: Grows with each change, over all devices.
        body: A `DeviceHearing` in JSON: so it takes a tenth of the memory.
        labels: How the labels stand, and at which entry.
        made_s: When, on the monotonic clock.
    """

    device_id: str
    number: int
    body: bytes
    labels: Labels
    made_s: float


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says.

    Attributes:
        progress: How far the notifier is, by session.
        places: Where devices stand, by id.
        note: Why it says nothing; else empty.
    """

    progress: dict[SessionKey, Progress]
    places: dict[str, Place]
    note: str = ""


class HearingBoard:
    """Joins what was heard with what was committed. Used by one thread at a time.

    Args:
        heard: What was heard.
        engine: The database.
        taxonomy: With its overrides.
        model_labels: What the scores are about.
    """

    def __init__(
        self, heard: Heard, engine: Engine, taxonomy: Taxonomy, model_labels: ModelLabels
    ) -> None:
        self._heard, self._engine, self._taxonomy = heard, engine, taxonomy
        self._model_labels = model_labels
        self._told: dict[str, Told] = {}
        self._number = 0

    def tell(self, device_ids: Iterable[str]) -> list[Told]:
        """Returns what is known of these devices; those not heard are left out.

        What was made less than a second ago is returned as it is.
        """
        now_s = time.monotonic()
        devices = {id_: found for id_ in device_ids if (found := self._heard.device(id_))}
        stale = {
            id_: device
            for id_, device in devices.items()
            if id_ not in self._told or now_s - self._told[id_].made_s >= FRESH_S
        }
        if stale:
            stored = self._look_up(stale)
            for id_, device in stale.items():
                self._told[id_] = self._tell(device, stored, now_s)
            self._forget_others(now_s)
        return [self._told[id_] for id_ in devices]

    def last(self, device_ids: Collection[str]) -> bytes:
        """Returns the last predictions of these devices, newest first, in JSON."""
        entries = [each for each in self._heard.last() if each.device_id in device_ids]
        answers = [last_answer(entry, self._top(entry)[0]) for entry in entries]
        return _LAST.dump_json(answers)

    def _look_up(self, devices: dict[str, HeardDevice]) -> Stored:
        keys = [(id_, device.newest.session_id) for id_, device in devices.items()]
        try:
            with reading(self._engine) as connection:
                return Stored(stored_progress(connection, keys), stored_places(connection, devices))
        except StoreUnavailable:
            return Stored({}, {}, "the database does not answer: how labels stand is not known")

    def _tell(self, device: HeardDevice, stored: Stored, now_s: float) -> Told:
        newest = device.newest
        before = self._told.get(newest.device_id)
        place = stored.places.get(newest.device_id, Place())
        labels = before.labels if before else Labels(newest.session_id)
        labels = self._labels(device, stored, place, labels)
        top, problem = self._top(newest)
        answer = device_answer(device, place, labels, top, problem, now_s)
        body = answer.model_dump_json().encode()
        if before and before.body == body:
            return replace(before, labels=labels, made_s=now_s)
        self._number += 1
        return Told(newest.device_id, self._number, body, labels, now_s)

    def _labels(self, device: HeardDevice, stored: Stored, place: Place, before: Labels) -> Labels:
        """Returns how labels stand at what was committed last; as before when that is not known."""
        newest = device.newest
        if before.session_id != newest.session_id:
            before = Labels(newest.session_id)
        if stored.note:
            return before.with_note(stored.note)
        if place.state is not DeviceState.ACTIVE:
            note = f"the device is {place.state.value}: nothing it hears becomes an event"
            return Labels(newest.session_id, note=note)
        progress = stored.progress.get((newest.device_id, newest.session_id))
        if progress is None:
            return before.with_note("the notifier has taken in nothing of this session yet")
        at = [each for each in device.entries if each.sequence == progress.last_sequence]
        if not at:
            behind = newest.sequence - progress.last_sequence
            return before.with_note(f"the notifier is {behind} messages behind" * (behind > 0))
        return self._standings(at[0], progress, place)

    def _standings(self, entry: HeardEntry, progress: Progress, place: Place) -> Labels:
        taxonomy = self._taxonomy.for_device(entry.device_id, place.site, place.tags)
        try:
            scores = self._label_scores(entry, taxonomy)
        except (BadMessage, DependencyAway) as error:
            return Labels(entry.session_id, note=str(error))
        state = progress.tracker_state
        standings = label_standings(taxonomy, entry.device_id, entry.session_id, state, scores)
        note = ""
        if state["taxonomy_hash"] != taxonomy.taxonomy_hash:
            note = "the notifier goes by another taxonomy than this api"
        scene = scene_standing(taxonomy.scenes, state)
        return Labels(entry.session_id, entry.at_ns, standings, scene, note)

    def _label_scores(self, entry: HeardEntry, taxonomy: Taxonomy) -> list[float] | None:
        if entry.scores is None:
            return None
        gathering = self._model_labels.gathering(taxonomy, entry.model, len(entry.scores))
        by_label: list[float] = label_scores(entry.scores[np.newaxis], gathering.labels)[0].tolist()
        return by_label

    def _top(self, entry: HeardEntry) -> tuple[Sequence[ClassScore], str]:
        """Returns the highest classes, or why they cannot be named."""
        if entry.scores is None:
            return [], ""
        try:
            names = self._model_labels.classes(entry.model, len(entry.scores)).display_names
        except (BadMessage, DependencyAway) as error:
            return [], str(error)
        highest = np.argsort(-entry.scores, kind="stable")[:NUM_TOP]
        return [
            ClassScore(class_name=names[index], score=round(float(entry.scores[index]), 4))
            for index in highest
        ], ""

    def _forget_others(self, now_s: float) -> None:
        """Keeps what is asked for."""
        kept = {id_: told for id_, told in self._told.items() if now_s - told.made_s < KEPT_S}
        self._told = kept
