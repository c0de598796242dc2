"""Plays files one by one through the capture service's playback, and counts what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from earshot.cli.errors import FileRefused
from earshot.cli.output import say
from earshot.cli.progress import FilesProgress
from earshot.cli.recordings import Found
from earshot.cli.watched_append import WatchedAppend
from services.capture.errors import RecordingError
from services.capture.playback import Playback
from services.capture.sources.recording import Recording


class Player:
    """Plays files and counts what became of them.

    Attributes:
        num_played: Files played to the end.
        num_refused: Files that cannot be played.
        played_s: Seconds of sound in those that were played.
    """

    def __init__(self, playback: Playback, append: WatchedAppend, progress: FilesProgress) -> None:
        self._playback, self._append, self._progress = playback, append, progress
        self.num_played = self.num_refused = 0
        self.played_s = 0.0

    def once(self, found: Sequence[Found | FileRefused]) -> list[Found]:
        """Plays each file once, until told to stop; returns those that can be played again."""
        good = []
        for each in found:
            if self._playback.stop.is_set():
                break
            try:
                if isinstance(each, FileRefused):
                    raise each
                self._play(each)
                good.append(each)
            except FileRefused as refusal:
                self._progress.hide()
                say(str(refusal))
                self.num_refused += 1
            self._progress.file_done()
        return good

    def _play(self, found: Found) -> None:
        try:
            recording = Recording.open(found.path)
            self._append.begin(found.path.name, recording.duration_s)
            self._playback.play_file(found.path)
        except RecordingError as error:
            raise FileRefused(found.path, error.reason) from None
        except OSError as error:
            raise FileRefused(found.path, error.strerror or str(error)) from None
        if not self._playback.stop.is_set():
            self.num_played += 1
            self.played_s += recording.duration_s
