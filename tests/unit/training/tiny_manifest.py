"""A manifest of recordings as the steps of a training read it, tiny."""

from __future__ import annotations

from pathlib import Path

HEADER = (
    "file,audioset_label,source_repo,source_path,licence,attribution,duration_s,fold,class,split,"
    "tier,licence_note,near_duplicate_group\n"
)


def write_manifest(data: Path, *rows: str) -> Path:
    """Writes `sounds/manifest.csv` into a data folder; returns it."""
    path = data / "sounds" / "manifest.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path
