"""The sessions of one partition: in memory what the database holds after the next commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from earshot.events.taxonomy import Taxonomy
from earshot.events.tracker import Tracker
from earshot.store.ledger import Ledger
from earshot.store.places import Place
from earshot.store.progress import NO_SEQUENCE, Progress, SessionKey, Step

MAX_KEPT = 2_000  # sessions in memory; above that all are read again from the database


@dataclass(slots=True)
class Session:
    """One session on its way.

    Attributes:
        taxonomy: In force at the device.
        tracker: As after `last_sequence`.
        committed_sequence: Where the database stands.
        last_sequence: Of the last entry taken in.
        heard_at_ns: Capture time of the newest message of this batch; 0 when none had one.
        first_heard_at_ns: The same of the oldest.
    """

    taxonomy: Taxonomy
    tracker: Tracker
    committed_sequence: int = NO_SEQUENCE
    last_sequence: int = NO_SEQUENCE
    heard_at_ns: int = 0
    first_heard_at_ns: int | None = None

    def go_over_to(self, taxonomy: Taxonomy, key: SessionKey) -> None:
        """Follows another taxonomy from the next entry on, which ends what is open."""
        self.tracker = Tracker.from_state(taxonomy, *key, self.tracker.to_state())
        self.taxonomy = taxonomy


class Sessions:
    """Sessions by key, read from the database when first needed.

    After any error `forget` them: memory may be ahead of the database, or behind.

    Args:
        ledger: Of the partition.
        taxonomy: With its overrides: each session has what is in force at its device.
    """

    def __init__(self, ledger: Ledger, taxonomy: Taxonomy) -> None:
        self._ledger = ledger
        self._taxonomy = taxonomy
        self._sessions: dict[SessionKey, Session] = {}
        self._moved: dict[SessionKey, Session] = {}

    def load(self, keys: Iterable[SessionKey]) -> None:
        """Makes these sessions known; those that the database does not know are new.

        A device that was moved or tagged anew is followed by what is in force there from now on.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        wanted = set(keys)
        missing = {key for key in wanted if key not in self._sessions}
        stored = self._ledger.progress(missing) if missing else {}
        taxonomies = self._in_force({device_id for device_id, _ in wanted})
        for key in wanted:
            taxonomy = taxonomies.get(key[0], self._taxonomy)
            if key in missing:
                self._sessions[key] = _restored(key, stored.get(key), taxonomy)
            elif self._sessions[key].taxonomy is not taxonomy:
                self._sessions[key].go_over_to(taxonomy, key)

    def __getitem__(self, key: SessionKey) -> Session:
        """Returns a session that `load` made known."""
        return self._sessions[key]

    def move(self, key: SessionKey, sequence: int, captured_at_ns: int = 0) -> None:
        """Takes note that the entry of this sequence was taken in."""
        session = self._moved[key] = self._sessions[key]
        session.last_sequence = sequence
        session.heard_at_ns = max(captured_at_ns, session.heard_at_ns)
        if captured_at_ns and session.first_heard_at_ns is None:
            session.first_heard_at_ns = captured_at_ns

    def steps(self) -> list[Step]:
        """Returns what the database does not know yet."""
        return [
            Step(
                key,
                session.committed_sequence,
                Progress(session.last_sequence, session.tracker.to_state()),
                session.heard_at_ns,
                session.first_heard_at_ns,
            )
            for key, session in self._moved.items()
        ]

    def committed(self) -> None:
        """Takes note that the database holds every step."""
        for session in self._moved.values():
            session.committed_sequence = session.last_sequence
            session.heard_at_ns, session.first_heard_at_ns = 0, None
        self._moved.clear()
        if len(self._sessions) > MAX_KEPT:
            self.forget()

    def forget(self) -> None:
        """Makes all sessions unknown; the database has the truth."""
        self._sessions.clear()
        self._moved.clear()

    def _in_force(self, device_ids: set[str]) -> dict[str, Taxonomy]:
        """Returns the taxonomies of devices; without overrides they need not be looked up."""
        if not self._taxonomy.overrides or not device_ids:
            return {}
        places = self._ledger.places(device_ids)
        return {
            device_id: self._taxonomy.for_device(device_id, place.site, place.tags)
            for device_id in device_ids
            for place in [places.get(device_id, Place())]
        }


def _restored(key: SessionKey, progress: Progress | None, taxonomy: Taxonomy) -> Session:
    if progress is None:
        return Session(taxonomy, Tracker(taxonomy, *key))
    tracker = Tracker.from_state(taxonomy, *key, progress.tracker_state)
    return Session(taxonomy, tracker, progress.last_sequence, progress.last_sequence)
