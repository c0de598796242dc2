"""A card as text for people: the facts first, then data and metrics as indented lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from earshot.cli.models.table import megabytes

# What has a place of its own.
_PLACED = ("name", "version", "kind", "description", "data", "metrics", "files")
_INDENT = "  "


def card_text(directory: Path, fields: Mapping[str, Any]) -> str:
    """Returns the card, one fact a line.

    Args:
        directory: The bundle.
        fields: Its card, checked by `read_card`.
    """
    size = megabytes(sum(file["bytes"] for file in fields["files"]))
    facts = {key: value for key, value in fields.items() if key not in _PLACED}
    lines = [
        f"{fields['name']}@{fields['version']}: {fields['kind']}",
        *([str(fields["description"])] if "description" in fields else []),
        "",
        *_lines({"folder": str(directory), "size": size, **facts}),
        "",
        "data",
        *(_INDENT + _source(source) for source in fields["data"]),
        "",
        "metrics",
        *(_INDENT + line for line in _lines(fields["metrics"]) or ["none in the card"]),
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _source(source: Any) -> str:
    """Name and licence, then whatever else the card says of it."""
    if not isinstance(source, Mapping):
        return str(source)
    first = ("name", "licence")
    said = [source.get(key) for key in first]
    said += [value for key, value in source.items() if key not in first]
    return "; ".join(str(value) for value in said if value not in (None, ""))


def _lines(value: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for key, inner in value.items():
        name = key.replace("_", " ")
        if isinstance(inner, Mapping):
            lines += [f"{name}:", *(_INDENT + line for line in _lines(inner))]
        else:
            lines.append(f"{name}: {_plain(inner)}")
    return lines


def _plain(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_plain, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "-" if value is None else str(value)
