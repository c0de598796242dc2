"""How a partition numbers its revisions, and under which name the broker counts what it was sent.

A position is given once, ever, whatever is deleted: the broker takes only what lies above those it
has.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select

from earshot.store.tables import relays
from earshot.store.upsert import inserting


def last_position(connection: Connection, partition: int) -> int:
    """Returns the last position that the partition gave; 0 when it gave none."""
    last = select(relays.c.last_position).where(relays.c.partition == partition)
    return connection.execute(last).scalar() or 0


def take_positions(connection: Connection, partition: int, num_positions: int) -> range:
    """Returns the partition's next positions, which from now on are given.

    Others who take some of the same partition wait until this transaction ends.
    """
    insert = inserting(connection, relays).values(
        partition=partition, writer="", last_position=num_positions
    )
    last = relays.c.last_position
    taken = insert.on_conflict_do_update(
        index_elements=[relays.c.partition], set_={"last_position": last + num_positions}
    )
    end = connection.execute(taken.returning(last)).scalar_one() + 1
    return range(end - num_positions, end)


def writer_of(connection: Connection, partition: int, *, renew: bool) -> str:
    """Returns the name under which the partition sends; makes one if it has none.

    Args:
        connection: Within a transaction that may write.
        partition: Which one.
        renew: Whether to make a new one in any case.
    """
    mine = select(relays.c.writer).where(relays.c.partition == partition)
    writer: str | None = connection.execute(mine).scalar()
    if writer and not renew:
        return writer
    writer = f"notifier-p{partition:02d}-{secrets.token_hex(4)}"
    insert = inserting(connection, relays).values(partition=partition, writer=writer)
    named = insert.on_conflict_do_update(
        index_elements=[relays.c.partition], set_={"writer": writer}
    )
    connection.execute(named)
    return writer
