"""The sessions of one partition: in memory what the database holds after the next commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from earshot.events.listening import Listening
from earshot.events.stretch import Stretch
from earshot.events.taxonomy import Taxonomy
from earshot.events.tracker import Tracker
from earshot.store.device_state import DeviceState
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
        device_state: In which the device was when it was last looked at.
        is_refused: Whether its entries are passed over; the database remembers how far.
        may_begin_late: Whether what precedes the first entry was refused, and is not lost.
        listening: What was heard, as after `last_sequence`.
        covered: Stretches of time that this batch has completed.
        is_closed: Whether this batch ends what the session left open, and takes in nothing of it.
    """

    taxonomy: Taxonomy
    tracker: Tracker
    committed_sequence: int = NO_SEQUENCE
    last_sequence: int = NO_SEQUENCE
    heard_at_ns: int = 0
    first_heard_at_ns: int | None = None
    device_state: DeviceState = DeviceState.ACTIVE
    is_refused: bool = False
    may_begin_late: bool = False
    listening: Listening = field(default_factory=Listening)
    covered: list[Stretch] = field(default_factory=list)
    is_closed: bool = False

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
        accepts_unknown: Whether devices that nobody has registered register themselves.
    """

    def __init__(self, ledger: Ledger, taxonomy: Taxonomy, *, accepts_unknown: bool = True) -> None:
        self._ledger = ledger
        self._taxonomy = taxonomy
        self._accepts_unknown = accepts_unknown
        self._sessions: dict[SessionKey, Session] = {}
        self._moved: dict[SessionKey, Session] = {}

    def load(self, keys: Iterable[SessionKey]) -> None:
        """Makes these sessions known; those that the database does not know are new.

        Those of unknown devices stay unknown where these are refused. A device that was moved or
        tagged anew is followed by what is in force there from now on. Sessions in memory cost no
        look at the registry unless the taxonomy has overrides: that a device was disabled or
        enabled since shows when the batch is committed.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        wanted = set(keys)
        missing = {key for key in wanted if key not in self._sessions}
        if not missing and not (wanted and self._taxonomy.overrides):
            return
        places = self._ledger.places({device_id for device_id, _ in wanted})
        stored = self._ledger.progress(missing) if missing else {}
        for key in wanted:
            place = places.get(key[0], Place() if self._accepts_unknown else None)
            if place is None:
                continue
            taxonomy = self._taxonomy.for_device(key[0], place.site, place.tags)
            if key in missing:
                self._sessions[key] = _restored(key, stored.get(key), taxonomy)
                is_late = place.is_unheard and key not in stored and not self._accepts_unknown
                self._sessions[key].may_begin_late = is_late
            elif self._sessions[key].taxonomy is not taxonomy:
                self._sessions[key].go_over_to(taxonomy, key)
            self._set_state(self._sessions[key], place.state)

    def find(self, key: SessionKey) -> Session | None:
        """Returns a session that `load` made known; None when its device is unknown and refused."""
        return self._sessions.get(key)

    def __getitem__(self, key: SessionKey) -> Session:
        """Returns a session that `load` made known."""
        return self._sessions[key]

    def move(self, key: SessionKey, sequence: int, captured_at_ns: int = 0) -> None:
        """Takes note that the entry of this sequence was taken in."""
        session = self._moved[key] = self._sessions[key]
        session.last_sequence, session.may_begin_late = sequence, False
        session.heard_at_ns = max(captured_at_ns, session.heard_at_ns)
        if captured_at_ns and session.first_heard_at_ns is None:
            session.first_heard_at_ns = captured_at_ns

    def close(self, key: SessionKey) -> None:
        """Takes note that the session's source is gone: nothing was taken in, all of it ends."""
        session = self._moved[key] = self._sessions[key]
        session.covered += session.listening.stop()
        session.is_closed = True

    def steps(self) -> list[Step]:
        """Returns what the database does not know yet."""
        return [
            Step(
                key,
                session.committed_sequence,
                Progress(
                    session.last_sequence,
                    session.tracker.to_state(),
                    session.listening.to_state(),
                ),
                session.heard_at_ns,
                session.first_heard_at_ns,
                session.device_state,
                session.is_refused or session.is_closed,
                tuple(session.covered),
            )
            for key, session in self._moved.items()
        ]

    def committed(self) -> None:
        """Takes note that the database holds every step."""
        for session in self._moved.values():
            session.committed_sequence = session.last_sequence
            session.heard_at_ns, session.first_heard_at_ns = 0, None
            session.covered.clear()
            if session.is_closed:
                session.is_closed = False
            elif not session.is_refused:
                session.device_state = DeviceState.ACTIVE  # one that was removed is so again
        self._moved.clear()
        if len(self._sessions) > MAX_KEPT:
            self.forget()

    def forget(self) -> None:
        """Makes all sessions unknown; the database has the truth."""
        self._sessions.clear()
        self._moved.clear()

    def _set_state(self, session: Session, state: DeviceState) -> None:
        is_unknown = state is DeviceState.REMOVED and not self._accepts_unknown
        session.device_state = state
        session.is_refused = is_unknown or state is DeviceState.DISABLED


def _restored(key: SessionKey, progress: Progress | None, taxonomy: Taxonomy) -> Session:
    if progress is None:
        return Session(taxonomy, Tracker(taxonomy, *key))
    tracker = Tracker.from_state(taxonomy, *key, progress.tracker_state)
    session = Session(taxonomy, tracker, progress.last_sequence, progress.last_sequence)
    session.listening = Listening.from_state(progress.listening)
    return session
