"""A folder of recordings, labelled by sub-folders or by label files beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from training.dataset.label_track import ENDING, is_label_track, read_label_track
from training.dataset.stretch import Problem, Stretch

# What is taken for a recording. Not all can be read: what cannot is named, not passed over.
RECORDING_ENDINGS = {
    *(".wav", ".flac", ".ogg", ".mp3", ".opus", ".aif", ".aiff"),
    *(".m4a", ".aac", ".wma", ".amr", ".webm", ".mp4"),
}


def read_folder(folder: Path, background: Path | None = None) -> Iterator[Stretch | Problem]:
    """Yields what is known of each recording: a folder's own by name, then those below it.

    A label file `NAME.txt` beside a recording says which stretches of it are labelled. Without one
    the whole recording has the name of the sub-folder of `folder` it lies in, at any depth.

    Args:
        folder: Where to look; names that begin with a dot and links to folders are passed over.
        background: A folder below it that is left out.
    """
    closed: list[OSError] = []
    files = _files(folder, closed, background)
    recordings = {path.with_suffix("") for path in files if _is_recording(path)}
    for path in files:
        recording_id = path.relative_to(folder).as_posix()
        if _is_recording(path):
            yield from _read_recording(path, recording_id)
        elif _is_orphan(path, recordings):
            yield Problem(str(path), "label file without a recording of its name beside it")
    yield from map(_closed, closed)


def read_background(folder: Path) -> Iterator[Stretch | Problem]:
    """Yields every recording in a folder, whole and without a label."""
    closed: list[OSError] = []
    for path in _files(folder, closed):
        if _is_recording(path):
            recording_id = f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}"
            yield _name_problem(path, recording_id) or Stretch(path, recording_id, (), str(path))
    yield from map(_closed, closed)


def _read_recording(path: Path, recording_id: str) -> Iterator[Stretch | Problem]:
    track = path.with_suffix(ENDING)
    label, *below = recording_id.split("/")
    if problem := _name_problem(path, recording_id):
        yield problem
    elif track.is_file():
        yield from read_label_track(track, path, recording_id)
    elif below:
        yield Stretch(path, recording_id, (label.strip(),), str(path))
    else:
        yield Problem(
            str(path), f"has no label: put it into a folder of that name, or {track.name} beside it"
        )


def _name_problem(path: Path, recording_id: str) -> Problem | None:
    """Records and lists of classes are UTF-8; in Linux a file's name may be any bytes."""
    try:
        recording_id.encode()
    except UnicodeEncodeError:
        place = os.fsencode(path).decode("utf-8", "backslashreplace")
        return Problem(place, "the name is not UTF-8; give it another")
    return None


def _closed(error: OSError) -> Problem:
    return Problem(str(error.filename), f"cannot be looked into ({error.strerror})")


def _files(folder: Path, closed: list[OSError], but: Path | None = None) -> list[Path]:
    found = []
    for name, folders, files in os.walk(folder, onerror=closed.append):
        here = Path(name)
        folders[:] = sorted(
            each for each in folders if not each.startswith(".") and not _is_same(here / each, but)
        )
        found += [here / file for file in sorted(files) if not file.startswith(".")]
    return found


def _is_same(folder: Path, other: Path | None) -> bool:
    return other is not None and folder.resolve() == other.resolve()


def _is_recording(path: Path) -> bool:
    return path.suffix.lower() in RECORDING_ENDINGS


def _is_orphan(path: Path, recordings: set[Path]) -> bool:
    is_text = path.suffix == ENDING and path.with_suffix("") not in recordings
    return is_text and is_label_track(path)
