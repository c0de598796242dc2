"""The folder of one recording: events.json, events.csv, frames.npz, metadata.json."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from earshot.cli.bundle.frames import write_frames
from earshot.cli.bundle.metadata import FORMAT, Origin, metadata
from earshot.cli.bundle.replacing import new_folder
from earshot.cli.hearing.heard import Heard
from earshot.cli.hearing.listener import Listener
from earshot.cli.reports.event_rows import CsvWriter
from earshot.cli.reports.report import Report, ReportedEvent
from earshot.events.event import SoundEvent

EVENTS_JSON, EVENTS_CSV, FRAMES = "events.json", "events.csv", "frames.npz"
METADATA = "metadata.json"
FILES = frozenset({EVENTS_JSON, EVENTS_CSV, FRAMES, METADATA})


def write_bundle(
    folder: Path, heard: Heard, report: Report, listener: Listener, origin: Origin
) -> None:
    """Writes the bundle of a recording, instead of what is in the folder.

    Raises:
        OSError: It cannot be written; the folder is as it was before.
    """
    csv = CsvWriter()
    with new_folder(folder) as aside:
        _write_json(aside / METADATA, metadata(heard, listener, origin))
        _write_json(aside / EVENTS_JSON, list(map(_event, heard.events)))
        # The bundle travels: the folder it was made in says nothing elsewhere.
        rows = csv.begin() + csv.report(replace(report, file=heard.recording.path.name))
        (aside / EVENTS_CSV).write_text(rows, "utf-8", "surrogateescape")
        write_frames(aside / FRAMES, heard, listener.models.classes)


def is_bundle(folder: Path) -> bool:
    """Whether a folder is a bundle and holds nothing else."""
    if {path.name for path in folder.iterdir()} != FILES:
        return False
    try:
        return bool(json.loads((folder / METADATA).read_bytes())["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _event(event: SoundEvent) -> dict[str, Any]:
    said = ReportedEvent.of(event)
    return {
        "label": said.label,
        "category": event.category,
        "priority": event.priority,
        "onset_s": said.onset_s,
        "offset_s": said.offset_s,
        "score": said.score,
        "mean_score": round(event.mean_score, 4),
        "level_dbfs": round(event.level_dbfs, 2),
        "granularity": event.granularity.value,
        "origin": event.origin.value,
        "models": list(event.models),
    }


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, allow_nan=False) + "\n", "utf-8")
