"""The files that a command writes for each recording: `--frames`, `--bundle`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from earshot.cli.bundle.bundle import is_bundle, write_bundle
from earshot.cli.bundle.frames import write_frames
from earshot.cli.bundle.metadata import Origin
from earshot.cli.bundle.replacing import AlreadyThere, check_file, check_folder
from earshot.cli.errors import FileRefused
from earshot.cli.hearing.heard import Heard
from earshot.cli.hearing.listener import Listener
from earshot.cli.recordings import Found
from earshot.cli.reports.report import Report


@dataclass(slots=True)
class Outputs:
    """Where to write.

    Attributes:
        frames: File of the patch scores; None for none.
        bundle: Folder of the bundles; None for none.
        is_forced: Whether to replace what an earlier run wrote.
        origin: What the metadata say about the recordings.
        is_one: Whether `bundle` is the bundle itself, and not a folder of bundles.
    """

    frames: Path | None = None
    bundle: Path | None = None
    is_forced: bool = False
    origin: Origin = field(default_factory=Origin)
    is_one: bool = False
    _folders: dict[Path, Path] = field(default_factory=dict, init=False)

    @property
    def is_any(self) -> bool:
        """Whether anything is to be written."""
        return self.frames is not None or self.bundle is not None

    def check(self, found: Found) -> None:
        """Looks whether the places are free, before the work is done.

        Raises:
            FileRefused: One of them is not.
        """
        with _refused(found):
            if self.frames is not None:
                check_file(self.frames, self.is_forced)
            if self.bundle is not None:
                check_folder(self._folder(self.bundle, found), self.is_forced, is_bundle)

    def write(self, found: Found, heard: Heard, report: Report, listener: Listener) -> None:
        """Writes what is wanted of one recording.

        Raises:
            FileRefused: It cannot be written.
        """
        with _refused(found):
            if self.frames is not None:
                write_frames(self.frames, heard, listener.models.classes)
            if self.bundle is not None:
                folder = self._folder(self.bundle, found)
                write_bundle(folder, heard, report, listener, self.origin)

    def _folder(self, bundle: Path, found: Found) -> Path:
        """The recording's own folder; of two of the same name, the second gets a number."""
        if self.is_one:
            return bundle
        number, folder = 1, bundle / found.place
        while self._folders.setdefault(folder, found.path) != found.path:
            number += 1
            folder = bundle / found.place.with_name(f"{found.place.name}-{number}")
        return folder


@contextmanager
def _refused(found: Found) -> Iterator[None]:
    try:
        yield
    except AlreadyThere as error:
        raise FileRefused(found.path, str(error)) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise FileRefused(found.path, f"cannot write: {where}{error.strerror or error}") from None
