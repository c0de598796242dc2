"""Devices on a terminal: a line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

HEADINGS = ("DEVICE", "STATE", "SITE", "TAGS", "LAST HEARD")


def table_of(devices: Sequence[Mapping[str, Any]]) -> str:
    """Returns the devices, as the API shows them, in columns under headings."""
    rows = [HEADINGS, *map(_cells, devices)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _cells(device: Mapping[str, Any]) -> tuple[str, ...]:
    tags = ", ".join(device["tags"])
    texts = (device["id"], device["state"], device["site"] or "-", tags or "-")
    return (*map(_printable, texts), _local_time(device["last_heard_at"]))


def _local_time(moment: str | None) -> str:
    if moment is None:
        return "never"
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)
