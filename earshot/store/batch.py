"""What one batch of predictions changes, as statements inside one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select, tuple_, update

from earshot.events import cloud_event
from earshot.events.event import SoundEvent
from earshot.store import rows
from earshot.store.coverage import store_coverage
from earshot.store.device_state import DeviceState
from earshot.store.errors import LedgerConflict, StateChanged
from earshot.store.fence import NO_LEASE, Fence
from earshot.store.kept_embeddings import KeptPatches, keep_patches
from earshot.store.positions import take_positions
from earshot.store.progress import NO_SEQUENCE, Progress, SessionKey, Step
from earshot.store.tables import devices, events, leases, revisions, sessions
from earshot.store.upsert import insert_rows, inserting

LAST_HEARD_EVERY_NS = 5_000_000_000
"""`last_heard_at_ns` of a device lags behind by less, until a session of it ends.

Devices that send a patch each second would be a row more in every batch.
"""

# Where a session stands, whether its device is to be heard, and what is known of when it was.
_PLACE = (
    sessions.c.device_id,
    sessions.c.session_id,
    sessions.c.last_sequence,
    devices.c.state,
    devices.c.first_seen_at_ns,
    devices.c.last_heard_at_ns,
)


def store_batch(
    connection: Connection,
    partition: int,
    steps: Sequence[Step],
    revised: Sequence[SoundEvent],
    fence: Fence | None = None,
    kept: Sequence[KeptPatches] = (),
) -> list[SoundEvent]:
    """Stores devices, sessions, events and their revisions, and patches; see `Ledger.commit`.

    Raises:
        LeaseLost: The partition's lease is no longer that of the fence.
        LedgerConflict: A session no longer stands where its step says.
        StateChanged: A device is no longer in the state its step says.
    """
    known = {row.device_id: row for row in _check_unmoved(connection, steps, fence)}
    _register_devices(connection, [s for s in steps if _is_news(s, known.get(s.key[0]))])
    _register_anew(connection, steps)
    _store_sessions(connection, partition, steps)
    store_coverage(connection, steps)
    keep_patches(connection, kept)
    if not revised:
        return []
    sites = _sites(connection, {event.device_id for event in revised})
    placed = [replace(event, site=sites[event.device_id]) for event in revised]
    _store_events(connection, placed)
    _store_revisions(connection, partition, placed)
    return placed


def stored_progress(
    connection: Connection, keys: Iterable[SessionKey]
) -> dict[SessionKey, Progress]:
    """Returns how far these sessions are; those never stored are left out."""
    return {
        (row.device_id, row.session_id): Progress(
            row.last_sequence, row.tracker_state, row.listening
        )
        for row in connection.execute(select(sessions).where(_is_one_of(connection, keys)))
    }


def _check_unmoved(
    connection: Connection, steps: Sequence[Step], fence: Fence | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns where the sessions stand that are known already."""
    keys = [step.key for step in steps]
    rows = _locked(connection, keys) if fence is None else _fenced(connection, keys, fence)
    stored = {(row.device_id, row.session_id): row.last_sequence for row in rows}
    for step in steps:
        last_sequence = stored.get(step.key, NO_SEQUENCE)
        if last_sequence != step.previous_sequence:
            raise LedgerConflict(
                f"session {'/'.join(step.key)} stands at {last_sequence}, "
                f"not at {step.previous_sequence}: somebody else has moved it"
            )
    states = {row.device_id: row.state for row in rows}
    for step in steps:
        device_id, found = step.key[0], step.device_state.value
        if states.get(device_id, found) != found:
            raise StateChanged(f"device {device_id} is {states[device_id]}, no longer {found}")
    return rows


def _locked(connection: Connection, keys: Iterable[SessionKey]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns where these sessions stand; nobody else may move them now."""
    statement = select(*_PLACE).join_from(sessions, devices).where(_is_one_of(connection, keys))
    return connection.execute(statement.with_for_update(of=sessions)).all()


def _fenced(
    connection: Connection, keys: Iterable[SessionKey], fence: Fence
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The same, under the lock of the lease: one statement, so that the fence costs no time."""
    statement = (
        select(leases.c.holder, leases.c.epoch, *_PLACE)
        .select_from(
            leases.outerjoin(sessions, _is_one_of(connection, keys)).outerjoin(
                devices, devices.c.id == sessions.c.device_id
            )
        )
        .where(leases.c.partition == fence.partition)
    )
    rows = connection.execute(statement.with_for_update(of=leases)).all()
    fence.compare(*(rows[0][:2] if rows else NO_LEASE))
    return rows


def _is_one_of(connection: Connection, keys: Iterable[SessionKey]) -> ColumnElement[bool]:
    key = tuple_(sessions.c.device_id, sessions.c.session_id)
    if connection.dialect.name != "sqlite":
        return key.in_(list(keys))
    # SQLite compares every row with a list of pairs, but looks up by the index those of a query.
    pair = func.json_each(json.dumps(list(keys))).table_valued("value").c.value
    return key.in_(select(func.json_extract(pair, "$[0]"), func.json_extract(pair, "$[1]")))


def _is_news(step: Step, known: Row[*tuple[Any, ...]] | None) -> bool:
    """Returns whether the row of the step's device has to be made, or says what is too old."""
    if known is None or not known.first_seen_at_ns or step.progress.listening is None:
        return True
    return bool(step.heard_at_ns - known.last_heard_at_ns >= LAST_HEARD_EVERY_NS)


def _register_devices(connection: Connection, steps: Sequence[Step]) -> None:
    if not steps:
        return
    insert = inserting(connection, devices)
    first, last, new = devices.c.first_seen_at_ns, devices.c.last_heard_at_ns, insert.excluded
    statement = insert.on_conflict_do_update(
        index_elements=[devices.c.id],
        set_={
            "first_seen_at_ns": case((first == 0, new.first_seen_at_ns), else_=first),
            "last_heard_at_ns": case(
                (new.last_heard_at_ns > last, new.last_heard_at_ns), else_=last
            ),
        },
    )
    # By id, so that two writers never wait for each other.
    connection.execute(statement, [_device(step) for step in sorted(steps, key=_device_id)])


def _register_anew(connection: Connection, steps: Sequence[Step]) -> None:
    """Devices that had been removed and are heard again are as good as new ones."""
    removed = DeviceState.REMOVED
    heard = {s.key[0] for s in steps if s.device_state is removed and not s.is_refused}
    if heard:
        anew = update(devices).where(devices.c.id.in_(heard), devices.c.state == removed.value)
        connection.execute(anew.values(state=DeviceState.ACTIVE.value))


def _device(step: Step) -> dict[str, Any]:
    first = step.first_heard_at_ns
    return {
        "id": step.key[0],
        "site": "",
        "tags": [],
        "policy": {},
        "first_seen_at_ns": step.heard_at_ns if first is None else first,
        "last_heard_at_ns": step.heard_at_ns,
    }


def _device_id(step: Step) -> str:
    return step.key[0]


def _store_sessions(connection: Connection, partition: int, steps: Sequence[Step]) -> None:
    insert = inserting(connection, sessions)
    statement = insert.on_conflict_do_update(
        index_elements=[sessions.c.device_id, sessions.c.session_id],
        set_={
            "last_sequence": insert.excluded.last_sequence,
            "tracker_state": insert.excluded.tracker_state,
            "listening": insert.excluded.listening,
        },
    )
    insert_rows(
        connection,
        statement,
        [
            {
                "device_id": step.key[0],
                "session_id": step.key[1],
                "partition": partition,
                "last_sequence": step.progress.last_sequence,
                "tracker_state": step.progress.tracker_state,
                "listening": step.progress.listening,
            }
            for step in steps
        ],
    )


def _store_events(connection: Connection, revised: Sequence[SoundEvent]) -> None:
    newest = {event.event_id: event for event in revised}
    insert = inserting(connection, events)
    changed = {name: insert.excluded[name] for name in rows.FIELD_NAMES if name != "event_id"}
    connection.execute(
        insert.on_conflict_do_update(index_elements=[events.c.event_id], set_=changed),
        [rows.to_row(event) for event in newest.values()],
    )


def _store_revisions(connection: Connection, partition: int, revised: Sequence[SoundEvent]) -> None:
    positions = take_positions(connection, partition, len(revised))
    connection.execute(
        revisions.insert(),
        [
            {
                "partition": partition,
                "position": position,
                "event_id": event.event_id,
                "revision": event.revision,
                "state": event.state.value,
                "body": cloud_event.encode(event),
            }
            for position, event in zip(positions, revised, strict=True)
        ],
    )


def _sites(connection: Connection, device_ids: set[str]) -> dict[str, str]:
    statement = select(devices.c.id, devices.c.site).where(devices.c.id.in_(device_ids))
    return {row.id: row.site for row in connection.execute(statement)}
