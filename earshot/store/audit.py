"""The log of changes: who changed what, written in the transaction of the change itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from earshot.store.engine import reading
from earshot.store.errors import BadQuery
from earshot.store.tables import audit

MAX_LIMIT = 1000
_HIGHEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change.

    Attributes:
        id: Higher than that of earlier ones.
        at_ns: When, UTC nanoseconds.
        who: Id of the token it was asked with, or `local`.
        action: What was done, such as `device.update`.
        subject: What it was done to, such as a device's id.
        detail: What else there is to know; never a secret.
    """

    id: int
    at_ns: int
    who: str
    action: str
    subject: str
    detail: dict[str, Any]


def record(
    connection: Connection, who: str, action: str, subject: str, detail: Mapping[str, Any]
) -> None:
    """Writes a change down; it is kept if, and only if, the transaction commits.

    Args:
        connection: Within the transaction that makes the change.
        who: Id of the token it was asked with, or `local`.
        action: What was done: thing and verb, such as `device.update`.
        subject: What it was done to, such as a device's id.
        detail: What else there is to know, as JSON has it; never a secret.
    """
    values = {"at_ns": time.time_ns(), "who": who, "action": action, "subject": subject}
    connection.execute(insert(audit).values({**values, "detail": dict(detail)}))


def list_audit(
    engine: Engine, limit: int = 50, before_id: int | None = None
) -> tuple[AuditEntry, ...]:
    """Returns changes, the newest first; with `before_id`, those older than that one.

    Raises:
        StoreUnavailable: The database does not answer.
        BadQuery: A limit outside 1 to 1000, or an id that can be none.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise BadQuery(f"limit: {limit} is out of range; allowed: 1 to {MAX_LIMIT}")
    statement = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before_id is not None:
        if not 0 <= before_id <= _HIGHEST_ID:
            raise BadQuery("cursor: not one of this list; leave it out for the first page")
        statement = statement.where(audit.c.id < before_id)
    with reading(engine) as connection:
        found = connection.execute(statement).mappings().all()
    names = [field.name for field in fields(AuditEntry)]
    return tuple(AuditEntry(**{name: row[name] for name in names}) for row in found)
