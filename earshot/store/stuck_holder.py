"""Ends the transaction in which a process froze, and with it the lock on its lease's row.

Commits hold that lock, so a process that is stopped, or cut off, in the middle of one would keep
the lease for as long as it stands there. PostgreSQL's timeouts do not see all of that: a session
that waits for the rest of a pipeline counts as busy, and drivers send many rows as a pipeline. So
whoever takes over ends the session. Another one of the same process may have waited for the lock
and now have it, so the taker does not wait long, and comes again. SQLite has no sessions, and no
locks beyond one machine.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

# A row's xmax is the transaction that has locked it; one's own sessions may always be ended.
_END = text("""
    SELECT pg_terminate_backend(activity.pid)
    FROM leases
    JOIN pg_locks ON pg_locks.locktype = 'transactionid'
        AND pg_locks.transactionid = leases.xmax AND pg_locks.granted
    JOIN pg_stat_activity AS activity ON activity.pid = pg_locks.pid
        AND activity.usename = current_user
    WHERE leases.partition = :partition AND leases.epoch = :epoch AND leases.beat = :beat
""")
_WAIT_BRIEFLY = text("SET LOCAL lock_timeout = '1s'")


def end_stuck_holder(connection: Connection, partition: int, epoch: int, beat: int) -> None:
    """Ends the session, if there is one, that holds the lock on a lease's row.

    Args:
        connection: Within the transaction that takes the lease; from here on it does not wait long
            for locks.
        partition: Whose lease.
        epoch: Its epoch; another one means that somebody has taken over: nothing is ended.
        beat: The same of the sign of life that stands still.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_WAIT_BRIEFLY)
        connection.execute(_END, {"partition": partition, "epoch": epoch, "beat": beat})
