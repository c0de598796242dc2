"""The sessions of one partition: in memory what the database holds after the next commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from earshot.events.taxonomy import Taxonomy
from earshot.events.tracker import Tracker
from earshot.store.ledger import Ledger
from earshot.store.progress import NO_SEQUENCE, Progress, SessionKey, Step

MAX_KEPT = 2_000  # sessions in memory; above that all are read again from the database


@dataclass(slots=True)
class Session:
    """One session on its way.

    Attributes:
        tracker: As after `last_sequence`.
        committed_sequence: Where the database stands.
        last_sequence: Of the last entry taken in.
        heard_at_ns: Capture time of the newest message of this batch; 0 when none had one.
        first_heard_at_ns: The same of the oldest.
    """

    tracker: Tracker
    committed_sequence: int = NO_SEQUENCE
    last_sequence: int = NO_SEQUENCE
    heard_at_ns: int = 0
    first_heard_at_ns: int | None = None


class Sessions:
    """Sessions by key, read from the database when first needed.

    After any error `forget` them: memory may be ahead of the database, or behind.
    """

    def __init__(self, ledger: Ledger, taxonomy: Taxonomy) -> None:
        self._ledger = ledger
        self._taxonomy = taxonomy
        self._sessions: dict[SessionKey, Session] = {}
        self._moved: dict[SessionKey, Session] = {}

    def load(self, keys: Iterable[SessionKey]) -> None:
        """Makes these sessions known; those that the database does not know are new.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        missing = {key for key in keys if key not in self._sessions}
        if not missing:
            return
        stored = self._ledger.progress(missing)
        for key in missing:
            self._sessions[key] = self._restored(key, stored.get(key))

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

    def _restored(self, key: SessionKey, progress: Progress | None) -> Session:
        if progress is None:
            return Session(Tracker(self._taxonomy, *key))
        tracker = Tracker.from_state(self._taxonomy, *key, progress.tracker_state)
        return Session(tracker, progress.last_sequence, progress.last_sequence)
