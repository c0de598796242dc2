"""One synchronous engine on SQLite or PostgreSQL, and the two ways to use it: read and write."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from earshot.store.errors import BadDatabaseUrl, BadQuery, LedgerConflict, StoreUnavailable

BUSY_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 5
UNDEFINED_TABLE = "42P01"  # PostgreSQL's SQLSTATE
_WRITERS = "writers"  # execution option of an engine on SQLite: its `_Turns`
SCHEMES = "sqlite:///FILE or postgresql://USER@HOST/DATABASE"


def open_engine(database_url: str) -> Engine:
    """Returns an engine; connects to nothing yet.

    Args:
        database_url: `sqlite:///relative.db`, `sqlite:////absolute.db` or
            `postgresql://user@host/database`. An in-memory SQLite database is refused: it would
            be another one for each thread.

    Raises:
        BadDatabaseUrl: The URL is of no such form.
    """
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise BadDatabaseUrl(f"not a database URL; allowed: {SCHEMES}") from None
    backend = url.get_backend_name()
    if backend == "postgresql":
        return _open_postgresql(url)
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return _open_sqlite(url)
    raise BadDatabaseUrl(f"{url.render_as_string(hide_password=True)}: allowed are {SCHEMES}")


def _open_postgresql(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )


def _open_sqlite(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": BUSY_TIMEOUT_S},
        execution_options={_WRITERS: _Turns()},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # Python's driver would begin and commit on its own, and not around DDL: leave that to us.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = FULL")  # what we acknowledged survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Turns write-ahead logging on: readers and the writer do not block each other.

    On a new file this takes the whole database for a moment, and when several processes try at
    once SQLite answers "locked" without regard to the busy timeout: so we wait.
    """
    give_up_at_s = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= give_up_at_s:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another one wrote in
    # between, busy timeout or not; so a writer takes the lock at its start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class _Turns:
    """Lets the writers of this process in one after the other.

    SQLite has one writer at a time. Others sleep, up to 0.1 s at once, and look again; so threads
    would leave the file idle between their transactions, and the unlucky one would look in vain.
    """

    def __init__(self) -> None:
        self._lock = Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=BUSY_TIMEOUT_S):
            raise StoreUnavailable("database: it stayed busy")
        try:
            yield
        finally:
            self._lock.release()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Gives a connection in a transaction of its own, for reading.

    Raises:
        StoreUnavailable: The database cannot be reached, or stayed busy.
        BadQuery: A value that the database cannot hold.
    """
    with _translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Gives a connection in a transaction that commits at the end, or not at all on an error.

    Raises:
        StoreUnavailable: The database cannot be reached, or stayed busy.
        LedgerConflict: A row that must be unique or refer to another does not.
    """
    turns: _Turns | None = engine.get_execution_options().get(_WRITERS)
    turn = nullcontext() if turns is None else turns.take()
    with _translated(), turn, engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            yield connection


def ping(engine: Engine) -> None:
    """Returns when the database answers.

    Raises:
        StoreUnavailable: It does not.
    """
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StoreUnavailable(f"database: {_first_line(error)}") from error
    except PoolTimeoutError as error:
        raise StoreUnavailable("database: all connections stayed in use") from error
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != UNDEFINED_TABLE:
            raise
        # SQLite calls this an OperationalError, and so do we: somebody has yet to migrate.
        raise StoreUnavailable(f"database: {_first_line(error)}") from error
    except IntegrityError as error:
        raise LedgerConflict(f"database: {_first_line(error)}") from error
    except DataError as error:
        raise BadQuery(f"database: {_first_line(error)}") from error


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).partition("\n")[0]
