"""Deliveries of one partition, in order, into one transaction; then acknowledged and sent on."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from earshot.events.event import EndReason, SoundEvent
from earshot.model_labels import GatheringFor
from earshot.store.device_state import DeviceState
from earshot.store.ledger import Ledger
from earshot.store.progress import NO_SEQUENCE, SessionKey
from earshot.streams.entry import POISON, Delivery, Entry
from earshot.streams.errors import BadMessage, DependencyAway
from earshot.streams.port import Reader
from earshot.topics import PREDICTIONS
from services.notifier.closing import Closing
from services.notifier.handler import follow
from services.notifier.keeping import Keeping
from services.notifier.metrics import NotifierMetrics
from services.notifier.refusals import Refusals
from services.notifier.sinks import Sink
from services.notifier.tracking import Session, Sessions

REFUSED = "refused"

log = structlog.get_logger(__name__)


class Hole(Exception):
    """Sequences before this entry are missing: they may still be pending, so claim again."""


class Defect(Exception):
    """The handler failed on an entry by a mistake of ours: work again from the database."""


class Work:
    """Takes in deliveries. After any error, `forget` and work off what is pending again."""

    def __init__(  # noqa: PLR0913, PLR0917 - one argument per part
        self,
        reader: Reader,
        ledger: Ledger,
        sessions: Sessions,
        closing: Closing,
        gathering_for: GatheringFor,
        metrics: NotifierMetrics,
        sinks: Sequence[Sink],
        keeping: Keeping,
    ) -> None:
        self._reader, self._ledger = reader, ledger
        self._sessions, self._closing = sessions, closing
        self._gathering_for, self._metrics, self._sinks = gathering_for, metrics, sinks
        self._keeping = keeping
        self._refusals = Refusals(metrics)
        self._revised: list[SoundEvent] = []
        self._defects: dict[str, str] = {}  # entry id to what went wrong

    def forget(self) -> None:
        """Drops what was taken in and not committed."""
        self._sessions.forget()
        self._revised.clear()
        self._keeping.clear()

    def do(self, deliveries: Sequence[Delivery], *, is_hole_final: bool) -> None:
        """Takes in deliveries up to the first that cannot be, and commits; then acknowledges.

        Args:
            deliveries: In the order of their ids.
            is_hole_final: Whether a missing sequence can no longer come, because all that is
                pending was claimed in order.

        Raises:
            Hole: A sequence is missing and may still come. What precedes is committed.
            Defect: An entry made the handler fail; next time it becomes a dead letter.
            DependencyAway: The broker or a model's labels. What precedes is committed.
            StoreUnavailable: The database does not answer.
            LeaseLost: Another process works on this partition.
            LedgerConflict: A session is not where we left it.
            StateChanged: A device was enabled, disabled or removed meanwhile.
        """
        entries = [delivery.entry for delivery in deliveries if delivery.entry]
        self._sessions.load(_key(entry) for entry in entries)
        done: list[str] = []
        problem: Exception | None = None
        with self._metrics.batch_seconds.labels(PREDICTIONS.name).time():
            for delivery in deliveries:
                try:
                    self._take(delivery, is_hole_final)
                except (Hole, DependencyAway) as error:
                    problem = error
                    break
                done.append(delivery.entry_id)
            self._commit()
        self._reader.acknowledge(done)
        self._metrics.handled.labels(PREDICTIONS.name).inc(len(done))
        if problem:
            raise problem

    def close(self, keys: Sequence[SessionKey]) -> None:
        """Ends what sessions whose source is gone have left open, and commits.

        What comes of them all the same, later, begins anew.

        Raises:
            StoreUnavailable: The database does not answer.
            LeaseLost: Another process works on this partition.
            LedgerConflict: A session is not where we left it.
            StateChanged: A device was enabled, disabled or removed meanwhile.
        """
        self._sessions.load(keys)
        for key in keys:
            session = self._sessions.find(key)
            if session is None or session.committed_sequence == NO_SEQUENCE:
                continue  # the database has forgotten it since
            ended = session.tracker.break_off(EndReason.SOURCE_GONE)
            log.warning("source gone", device=key[0], session=key[1], num_ended=len(ended))
            self._metrics.closed.inc()
            self._revised += ended
            self._sessions.close(key)
        self._commit()

    def _take(self, delivery: Delivery, is_hole_final: bool) -> None:
        entry = delivery.entry
        if entry is None:
            self._bury(delivery, delivery.problem)
            return
        session = self._sessions.find(_key(entry))
        if session is None or session.is_refused:
            self._refuse(entry, session)
            return
        missing = entry.sequence - session.last_sequence - 1
        if missing < 0:
            self._metrics.duplicates.labels(PREDICTIONS.name).inc()
            return
        if missing > 0:
            if not is_hole_final:
                raise Hole
            if not session.may_begin_late:
                log.error("sequences are missing", device=entry.device_id, num_missing=missing)
                self._metrics.lost.labels(PREDICTIONS.name, "gap").inc(missing)
            self._break_off(entry, "")
        self._follow(delivery, entry, session)

    def _refuse(self, entry: Entry, session: Session | None) -> None:
        """Passes an entry over; without a session there is nothing that could remember it."""
        is_disabled = session is not None and session.device_state is DeviceState.DISABLED
        self._refusals.note(entry.device_id, "disabled" if is_disabled else "unknown")
        if session is not None and entry.sequence > session.last_sequence:
            self._revised += session.tracker.break_off(EndReason.SOURCE_GONE, REFUSED)
            session.covered += session.listening.stop(REFUSED)
            self._sessions.move(_key(entry), entry.sequence)

    def _follow(self, delivery: Delivery, entry: Entry, session: Session) -> None:
        if entry.is_tombstone:
            self._break_off(entry, POISON if POISON in entry.flags else "")
            return
        try:
            if delivery.entry_id in self._defects:
                raise BadMessage(self._defects.pop(delivery.entry_id))
            prediction = PREDICTIONS.decode(entry)
            num_classes = prediction.patch_scores.shape[1]
            self._revised += follow(
                session.tracker,
                prediction,
                lambda model: self._gathering_for(session.taxonomy, model, num_classes),
            )
        except BadMessage as error:
            self._bury(delivery, str(error))
            self._break_off(entry, POISON)
        except DependencyAway:
            raise
        except Exception as error:
            log.exception("the handler failed", entry=delivery.entry_id)
            self._defects[delivery.entry_id] = f"{type(error).__name__}: {error}"
            raise Defect from error
        else:
            num_patches = len(prediction.level_dbfs)
            session.covered += session.listening.hear(prediction.header, num_patches)
            self._keeping.add(prediction)
            at_ns = prediction.header.captured_at_ns
            self._sessions.move(_key(entry), entry.sequence, at_ns)

    def _break_off(self, entry: Entry, reason: str) -> None:
        """The sound of this entry, or before it, is lost: what was open ends."""
        session = self._sessions[_key(entry)]
        self._revised += session.tracker.break_off(EndReason.GAP, reason)
        session.listening.lose(reason)
        self._sessions.move(_key(entry), entry.sequence)

    def _commit(self) -> None:
        steps = self._sessions.steps()
        if not steps:
            return
        stored = self._ledger.commit(steps, self._revised, self._keeping.patches())
        self._sessions.committed()
        self._keeping.clear()
        self._closing.committed(steps)
        self._revised.clear()
        for event in stored:
            self._metrics.revisions.labels(event.label, event.state.value).inc()
            for sink in self._sinks:
                sink.send(event)

    def _bury(self, delivery: Delivery, reason: str) -> None:
        # Before the commit: a kill in between leaves a hole, which ends the same events (without
        # the reason, which nobody knows any more), and not a dead letter that nobody wrote.
        log.error("dead letter", entry=delivery.entry_id, reason=reason)
        self._metrics.dead.labels(PREDICTIONS.name).inc()
        self._reader.bury(delivery, reason)


def _key(entry: Entry) -> SessionKey:
    return entry.device_id, entry.session_id
