"""The list of models as a table for people."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from earshot.cli.models.catalogue import Entry

_COLUMNS = (
    ("name", "left"),
    ("version", "right"),
    ("kind", "left"),
    ("space", "left"),
    ("classes", "right"),
    ("parameters", "right"),
    ("size", "right"),
    ("precision", "left"),
    ("date", "left"),
    ("in use", "left"),
)
# Into a file or pipe nothing is cut.
_WIDTH_WITHOUT_TERMINAL = 400


def table_of(entries: Sequence[Entry]) -> str:
    """Returns the table, as wide as the terminal."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading, justify in _COLUMNS:
        table.add_column(heading, justify="right" if justify == "right" else "left")
    for entry in entries:
        table.add_row(*_cells(entry))
    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else _WIDTH_WITHOUT_TERMINAL
    console = Console(file=io.StringIO(), width=width, force_terminal=is_terminal, markup=False)
    with console.capture() as captured:
        console.print(table)
    lines = (line.rstrip() for line in captured.get().splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def megabytes(num_bytes: int) -> str:
    """Returns e.g. `1.8 MB`."""
    return f"{num_bytes / 1e6:.1f} MB"


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        entry.name,
        str(entry.version),
        entry.kind,
        entry.embedding_space,
        "" if entry.classes is None else str(entry.classes),
        "" if entry.parameters is None else f"{entry.parameters:,}",
        megabytes(entry.bytes),
        (entry.precision or "").partition(";")[0],
        entry.date,
        "yes" if entry.in_use else "",
    )
