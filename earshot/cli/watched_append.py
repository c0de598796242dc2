"""Watches chunks on their way to the broker: how far a recording got, and what holds it up."""

from __future__ import annotations

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.cli.output import say
from earshot.cli.progress import FilesProgress
from earshot.contracts.messages import AudioChunk
from earshot.streams.errors import BrokerAway
from earshot.streams.port import Answer, Appended
from services.capture.append import Append


class WatchedAppend:
    """Appends, and moves the bar. The capture service's sender calls it, again when it must.

    Args:
        append: What appends.
        progress: The bar.
    """

    def __init__(self, append: Append, progress: FilesProgress) -> None:
        self._append, self._progress = append, progress
        self._name, self._duration_s = "", 1.0
        self._is_away = False

    def begin(self, name: str, duration_s: float) -> None:
        """Says what is played next."""
        self._name, self._duration_s = name, duration_s

    def __call__(self, chunk: AudioChunk) -> Appended:
        """Appends a chunk; an absent broker is remarked on once."""
        heard_s = (chunk.header.first_sample + chunk.pcm.size) / SAMPLE_RATE_HZ
        share = min(1.0, heard_s / self._duration_s)
        try:
            appended = self._append(chunk)
        except BrokerAway as error:
            if not self._is_away:
                self._progress.hide()
                say(f"waiting for the broker: {error}")
            self._is_away = True
            raise
        self._is_away = False
        is_held = appended.answer is Answer.FULL
        self._progress.step(f"{self._name} (system busy)" if is_held else self._name, share)
        return appended
