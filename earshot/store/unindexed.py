"""A column that SQLite shall look for in no index."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Unindexed(FunctionElement[str]):
    """A column of text as it is; on SQLite with a `+`, which keeps its planner off any index of it.

    Without statistics, which SQLite keeps only when told to, its planner takes all indexes for
    alike. Source: https://www.sqlite.org/optoverview.html#disqualifying_where_clause_terms.
    """

    inherit_cache = True
    type = Text()


@compiles(Unindexed)  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _as_it_is(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(Unindexed, "sqlite")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _on_sqlite(element: Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"
