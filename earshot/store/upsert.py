"""INSERT … ON CONFLICT, which both databases spell alike and SQLAlchemy has no common form of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    JSON,
    ColumnClause,
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def inserting(connection: Connection, table: Table) -> Insert:
    """Returns an insert that has `on_conflict_do_update`."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_rows(connection: Connection, insert: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts many rows, none twice, whose members are all the same.

    PostgreSQL gets them as one statement with one parameter, a JSON list, which takes a third of
    the time of one statement for each row. Not for text that may hold a NUL.

    Args:
        connection: Within the transaction.
        insert: What `inserting` returned, without values.
        rows: Column name to value; bytes, and what JSON has.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(insert, rows)
        return
    columns = [insert.table.c[name] for name in rows[0]]
    given = func.json_to_recordset(cast(bindparam("given", type_=Text), JSON)).table_valued(
        *[column(each.name, Text if _is_binary(each) else each.type) for each in columns]
    )
    source = given.render_derived(with_types=True)
    values = [_value(source.c[each.name], each) for each in columns]
    statement = insert.from_select(columns, select(*values))
    connection.execute(statement, {"given": json.dumps(rows, default=bytes.hex)})


def _value(given: ColumnElement[Any], target: ColumnClause[Any]) -> ColumnElement[Any]:
    return func.decode(given, "hex") if _is_binary(target) else given


def _is_binary(target: ColumnClause[Any]) -> bool:
    return isinstance(target.type, LargeBinary)
