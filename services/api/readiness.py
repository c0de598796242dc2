"""Whether everything that answers need is there: one check per thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import structlog
from sqlalchemy import Engine, select

from earshot.store.engine import ping, reading
from earshot.store.errors import StoreError
from earshot.store.tables import metadata

Check: TypeAlias = Callable[[], None]
"""Returns when the thing is there; raises anything, with a readable message, when it is not."""

_log = structlog.get_logger(__name__)


class SchemaMissing(Exception):
    """The database answers but lacks tables or columns of this version."""


def database_check(engine: Engine) -> Check:
    """Returns the check that the database answers and has every table and column we read."""

    def check() -> None:
        ping(engine)
        try:
            with reading(engine) as connection:
                for table in metadata.sorted_tables:
                    connection.execute(select(table).limit(0))
        except StoreError as error:
            raise SchemaMissing(
                "database: its tables are not those of this version;"
                " the notifier brings them up to date when it starts"
            ) from error

    return check


def find_missing(checks: Mapping[str, Check]) -> list[str]:
    """Returns one sentence for each thing that is not there; blocks while it asks."""
    sentences = []
    for name, check in checks.items():
        try:
            check()
        except Exception as error:  # whatever it is, the answer is "not ready", and why
            _log.warning("not ready", what=name, reason=str(error), cause=repr(error.__cause__))
            text = str(error)
            sentences.append(text if text.startswith(f"{name}:") else f"{name}: {text}")
    return sentences
