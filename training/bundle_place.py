"""Where a new bundle may go: to a version that is not there yet."""

from __future__ import annotations

from pathlib import Path

from training.errors import BadInput


def check_place(out: Path) -> None:
    """Refuses a place that is no new version; a version, once written, never changes.

    Args:
        out: The bundle to write, ``<name>/<version>``.

    Raises:
        BadInput: It has no name, the last part is no version number, or that version is there;
            then the sentence names the next free one.
    """
    if out.parent.name in ("", ".."):
        raise BadInput(f"{out}: must be NAME/VERSION, e.g. {Path('mine') / '1'}")
    if not _is_version(out.name):
        raise BadInput(f"{out}: the last part must be a version number, e.g. {out / '1'}")
    if out.exists():
        versions = [int(path.name) for path in out.parent.iterdir() if _is_version(path.name)]
        free = out.with_name(str(max(versions) + 1))
        raise BadInput(f"{out}: this version is there already; the next free one is {free}")


def _is_version(name: str) -> bool:
    # Servers take 007 for version 7, but its card would be of another folder.
    return name.isascii() and name.isdecimal() and name == str(int(name))
