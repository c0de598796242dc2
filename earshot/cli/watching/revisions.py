"""Revisions of events on a terminal: one line each, and none twice."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from earshot.audio.params import SAMPLE_RATE_HZ

MAX_KNOWN = 10_000  # events whose last shown revision is remembered


class Shown:
    """What has been shown: the newest revision of each event, of the last events."""

    def __init__(self) -> None:
        self._revisions: OrderedDict[str, int] = OrderedDict()

    def is_news(self, event: Mapping[str, Any]) -> bool:
        """Returns whether this revision, or a newer one, was not shown yet; now it counts as so."""
        event_id, revision = str(event["event_id"]), int(event["revision"])
        if self._revisions.get(event_id, 0) >= revision:
            return False
        self._revisions[event_id] = revision
        self._revisions.move_to_end(event_id)
        if len(self._revisions) > MAX_KNOWN:
            self._revisions.popitem(last=False)
        return True


def line(event: Mapping[str, Any]) -> str:
    """Returns a revision for people: begin (local time), device, label, state, duration, score."""
    began_at = datetime.fromisoformat(event["onset_at"]).astimezone()
    duration_s = (event["offset_sample"] - event["onset_sample"]) / SAMPLE_RATE_HZ
    return (
        f"{began_at:%Y-%m-%d %H:%M:%S}  {printable(event['device_id']):<16}  "
        f"{printable(event['label']):<20}  {event['state']:<7}  "
        f"{duration_s:7.1f} s  {event['peak_score']:.2f}"
    )


def json_line(event: Mapping[str, Any]) -> str:
    """Returns a revision for programs."""
    return json.dumps(event, separators=(",", ":"))


def printable(text: str) -> str:
    """Returns a text on one line: what cannot be printed is a question mark."""
    return "".join(each if each.isprintable() else "?" for each in text)
