"""The ontology of a model's classes: which sound is a kind of which."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from earshot.events.errors import BadLabels

COLUMNS = ("mid", "display_name", "child_mids")


@dataclass(frozen=True, slots=True)
class Ontology:
    """Kinds of sounds and the kinds below them; a node may have several parents.

    Some nodes are no class of any model: they only group.

    Attributes:
        file: The `ontology.csv` it was read from.
        mid_of: Display name to identifier, e.g. `Domestic animals, pets` to `/m/068hy`.
        children_of: Identifier to those of the nodes right below it.
    """

    file: Path
    mid_of: dict[str, str] = field(repr=False)
    children_of: dict[str, tuple[str, ...]] = field(repr=False)

    @classmethod
    def read(cls, file: Path) -> Self:
        """Reads a bundle's `assets/ontology.csv`: a header, then one row per node.

        Raises:
            BadLabels: It cannot be read, a row is not `mid,display_name,child_mids`, a mid or a
                name is there twice, or a child is no node.
        """
        mid_of: dict[str, str] = {}
        children_of: dict[str, tuple[str, ...]] = {}
        lines = _rows(file)
        for line, row in lines:
            if len(row) != len(COLUMNS) or not row[0] or not row[1]:
                raise BadLabels(f"{file}:{line}: expected {','.join(COLUMNS)}: {row}")
            mid, name, children = row
            if mid in children_of or name in mid_of:
                raise BadLabels(f"{file}:{line}: a second node {mid} or {name!r}")
            mid_of[name] = mid
            children_of[mid] = tuple(children.split())
        for line, (mid, *_) in lines:
            for child in children_of[mid]:
                if child not in children_of:
                    raise BadLabels(f"{file}:{line}: the child {child} is no node")
        return cls(file, mid_of, children_of)

    def classes_under(self, name: str) -> tuple[str, ...]:
        """Returns the mids of a node and of all below it, each once, from the top.

        Raises:
            KeyError: There is no node of this display name.
        """
        found: dict[str, None] = {}
        pending = [self.mid_of[name]]
        while pending:
            mid = pending.pop(0)
            if mid not in found:  # below two parents, or in a circle
                found[mid] = None
                pending += self.children_of[mid]
        return tuple(found)


def _rows(file: Path) -> list[tuple[int, list[str]]]:
    """Returns the rows after the header, each with its line."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            header = next(reader, [])
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise BadLabels(f"{file}: cannot be read: {error.strerror}") from None
    except (ValueError, csv.Error) as error:
        raise BadLabels(f"{file}: no header and rows {','.join(COLUMNS)}: {error}") from None
    if tuple(header) != COLUMNS or not rows:
        raise BadLabels(f"{file}:1: expected the header {','.join(COLUMNS)} and a row per node")
    return rows
