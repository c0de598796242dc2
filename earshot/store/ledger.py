"""The notifier's side: what a batch of predictions changed, committed as one transaction or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, null, select

from earshot.events.event import EventState, SoundEvent
from earshot.store.batch import store_batch, stored_progress
from earshot.store.engine import reading, writing
from earshot.store.fence import Fence
from earshot.store.kept_embeddings import KeptPatches
from earshot.store.lease import Lease
from earshot.store.places import Place, stored_places
from earshot.store.positions import last_position, writer_of
from earshot.store.progress import Progress, SessionKey, Step
from earshot.store.tables import events, revisions, sessions


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision as it is sent.

    Attributes:
        position: 1, 2, … in its partition, in the order of the commits; those of what was deleted
            since are left out.
        device_id: The device of its event.
        session_id: The session of its event.
        revision: Its number within the event.
        state: What it says about the event.
        body: CloudEvents 1.0 JSON.
    """

    position: int
    device_id: str
    session_id: str
    revision: int
    state: EventState
    body: str


class Ledger:
    """Commits the batches of one partition and hands out what the relay sends.

    Every method may raise StoreUnavailable: the database does not answer.

    Args:
        engine: The database.
        partition: Which partition.
        lease: Under which to write; None for who is alone with the database.
    """

    def __init__(self, engine: Engine, partition: int, lease: Lease | None = None) -> None:
        self._engine = engine
        self._partition = partition
        self._lease = lease

    def progress(self, keys: Iterable[SessionKey]) -> dict[SessionKey, Progress]:
        """Returns how far these sessions are; those never committed are left out."""
        with reading(self._engine) as connection:
            return stored_progress(connection, keys)

    def open_sessions(self) -> list[SessionKey]:
        """Returns the partition's sessions of which something is open: an event, or a stretch."""
        mine = (sessions.c.partition == self._partition, sessions.c.listening.is_not(null()))
        statement = select(sessions.c.device_id, sessions.c.session_id).where(*mine)
        with reading(self._engine) as connection:
            return [(row.device_id, row.session_id) for row in connection.execute(statement)]

    def places(self, device_ids: Collection[str]) -> dict[str, Place]:
        """Returns where these devices stand; those never registered are left out."""
        with reading(self._engine) as connection:
            return stored_places(connection, device_ids)

    def commit(
        self,
        steps: Sequence[Step],
        revised: Sequence[SoundEvent],
        kept: Sequence[KeptPatches] = (),
    ) -> list[SoundEvent]:
        """Stores a batch: devices, sessions, events and their revisions, all or nothing.

        Args:
            steps: One for each session of the batch.
            revised: Revisions in the order in which receivers shall see them, each of a device
                that has a step.
            kept: What was heard and shall be kept, of the same devices.

        Returns:
            The revisions as they were stored: with the site of their device.

        Raises:
            StoreUnavailable: The database does not answer. The batch may have been committed all
                the same: read `progress` again.
            LeaseLost: The lease is another's, or may be by now. Nothing was stored.
            LedgerConflict: A session no longer stands where its step says. Nothing was stored.
            StateChanged: A device is no longer in the state its step says. Nothing was stored.
        """
        fence = self._fence()
        with writing(self._engine) as connection:
            return store_batch(connection, self._partition, steps, revised, fence, kept)

    def last_position(self) -> int:
        """Returns the last position that the partition gave, 0 when it gave none."""
        with reading(self._engine) as connection:
            return last_position(connection, self._partition)

    def revisions(self, after_position: int, limit: int) -> list[Revision]:
        """Returns what the relay sends: the revisions after this position, in order."""
        position, revision = revisions.c.position, revisions.c.revision
        statement = (
            select(position, events.c.device_id, events.c.session_id, revision)
            .add_columns(revisions.c.state, revisions.c.body)
            .join_from(revisions, events)
            .where(revisions.c.partition == self._partition, position > after_position)
            .order_by(position)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            found = list(connection.execute(statement).mappings())
        return [Revision(**{**row, "state": EventState(row["state"])}) for row in found]

    def writer(self, *, renew: bool = False) -> str:
        """Returns the name under which the broker counts this partition's positions.

        Each database has its own, so that a new database does not look like one that has sent
        everything. `renew` gives up the name, and with it what the broker has counted.

        Raises:
            LeaseLost: The lease is another's, or may be by now. The name is as it was.
        """
        fence = self._fence()
        with writing(self._engine) as connection:
            if fence is not None:
                fence.check(connection)
            return writer_of(connection, self._partition, renew=renew)

    def _fence(self) -> Fence | None:
        return self._lease.fence() if self._lease is not None else None
