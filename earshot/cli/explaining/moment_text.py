"""How each label stood at a moment, for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from earshot.cli.explaining.event_text import columns
from earshot.cli.watching.revisions import printable

PATCH = timedelta(milliseconds=960)
_HEADINGS = ("LABEL", "SCORE", "STANDING", "WHY")


def around(at: datetime) -> dict[str, list[str]]:
    """Returns the query parameters of the one patch that a moment lies in.

    Args:
        at: With its time zone.
    """
    begin, end = at - PATCH + timedelta(microseconds=1), at + timedelta(microseconds=1)
    return {
        name: [f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"]
        for name, moment in (("from", begin), ("to", end))
    }


def moment_text(answer: Mapping[str, Any]) -> str:
    """Returns how each label stood at the newest patch, the highest score first.

    Args:
        answer: Of `/v1/devices/{id}/scores`.
    """
    notes = [f"Note: {printable(note)}" for note in answer["notes"]]
    if not answer["stretches"]:
        reason = printable(answer["missing_because"])
        return "".join(f"{each}\n" for each in (f"There are no scores: {reason}.", *notes))
    stretch = answer["stretches"][-1]
    at = datetime.fromisoformat(stretch["at"][-1]).astimezone()
    heading = (
        f"{printable(answer['device_id'])}  {at:%Y-%m-%d %H:%M:%S}  "
        f"{stretch['level_dbfs'][-1]:.1f} dBFS  {printable(stretch['model'])}"
    )
    labels = sorted(stretch["labels"], key=lambda label: -label["score"][-1])
    lines = [heading, "", *columns([_HEADINGS, *map(_row, labels)]), *notes]
    return "".join(f"{each}\n" for each in lines)


def _row(label: Mapping[str, Any]) -> tuple[str, str, str, str]:
    newest = label["standings"][-1]
    score = f"{label['score'][-1]:.2f}"
    return printable(label["label"]), score, newest["standing"], printable(newest["sentence"])
