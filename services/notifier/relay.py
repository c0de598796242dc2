"""Sends committed revisions to the events stream: each once, in the order of their positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import structlog

from earshot.store.ledger import Ledger, Revision
from earshot.streams import port
from earshot.streams.entry import Entry
from earshot.topics import EVENTS
from services.notifier.metrics import NotifierMetrics

BATCH = 256

log = structlog.get_logger(__name__)


class Relay:
    """The relay of one partition. The broker adds only what follows the last position it has."""

    def __init__(self, streams: port.Streams, ledger: Ledger, metrics: NotifierMetrics) -> None:
        self._streams = streams
        self._ledger = ledger
        self._metrics = metrics
        # Nobody owns the events stream, so its writers remove what is too old.
        self._trimmer = streams.reader(port.Stage(EVENTS, EVENTS.owner), 0, "relay")
        self._writer = ""
        self._position = 0

    @property
    def position(self) -> int:
        """The last position that the broker has, as far as is known."""
        return self._position

    def start(self) -> None:
        """Asks the broker how far it is: at the start, and after any error.

        Raises:
            BrokerAway: The broker does not answer.
            StoreUnavailable: The database does not answer.
        """
        self._writer = self._ledger.writer()
        self._ask()
        if self._position > self._ledger.last_position():
            # The database is older than what it has sent: restored from a backup, say. Its next
            # revisions would count as sent already, so all it holds is sent under a new name.
            log.error("the broker is ahead of the database: sending everything again")
            self._writer = self._ledger.writer(renew=True)
            self._ask()

    def tend(self) -> None:
        """Fills a broker again that forgot what it had, and trims; call it now and then.

        Raises:
            BrokerAway: The broker does not answer.
            StoreUnavailable: The database does not answer.
        """
        self._ask()
        self.catch_up()
        for group, num_entries in self._trimmer.tend().trimmed_past:
            self._metrics.trimmed_past.labels(EVENTS.name, group).inc(num_entries)

    def catch_up(self) -> None:
        """Sends every committed revision the broker does not have.

        Raises:
            BrokerAway: The broker does not answer.
            StoreUnavailable: The database does not answer.
        """
        while waiting := self._ledger.revisions(self._position, BATCH):
            before = self._position
            self._send(waiting)
            if self._position == before:
                first = waiting[0].position
                log.error("the broker takes no revisions", position=before, first_waiting=first)
                return
            if len(waiting) < BATCH and self._position == waiting[-1].position:
                return  # nothing waited behind them

    def _send(self, waiting: Sequence[Revision]) -> None:
        """Sends what follows our position; positions of what was deleted are passed over."""
        before = self._position
        for run in _runs(waiting):
            first, entries = run[0].position, [_entry(revision) for revision in run]
            self._position = self._streams.relay(EVENTS, self._writer, first, entries, before)
            before = run[-1].position
            if self._position != before:
                return  # the broker forgot, or has more than we know of: ask the database again

    def _ask(self) -> None:
        self._position = self._streams.relay_position(EVENTS, self._writer)


def _runs(waiting: Sequence[Revision]) -> Iterator[list[Revision]]:
    """Yields the stretches whose positions follow each other."""
    run: list[Revision] = []
    for revision in waiting:
        if run and revision.position != run[-1].position + 1:
            yield run
            run = []
        run.append(revision)
    yield run


def _entry(revision: Revision) -> Entry:
    """Returns what `topics.encode_event` would, with the very bytes that were committed."""
    return Entry(
        device_id=revision.device_id,
        session_id=revision.session_id,
        sequence=revision.revision,
        flags=frozenset({revision.state.value}),
        body=revision.body.encode(),
    )
