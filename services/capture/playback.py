"""Plays a list of recordings as one device, each as a session of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.contracts.messages import AudioChunk
from services.capture.append import Append
from services.capture.chunker import SILENT_DBFS, chunks
from services.capture.errors import RecordingError
from services.capture.metrics import CaptureMetrics
from services.capture.pace import Pace
from services.capture.player import has_ended, play
from services.capture.sender import Sender
from services.capture.session import Session, SessionIds
from services.capture.sources.recording import Recording
from services.capture.stop import Stop

PROGRESS_EVERY_S = 5.0

log = structlog.get_logger(__name__)


@dataclass
class Playback:
    """Plays recordings into the audio topic.

    Attributes:
        device_id: Who is heard.
        append: Appends to the audio topic.
        stop: Ends it after the chunk in hand.
        metrics: What is counted.
        speed: 1 for real time; None for as fast as the topic takes it.
        patches_per_chunk: 1 or more.
        silent_dbfs: Chunks at or below this level are flagged as silent.
        new_session_id: Makes the sessions' ids.
        clock_ns: Nanoseconds since 1970.
    """

    device_id: str
    append: Append
    stop: Stop
    metrics: CaptureMetrics
    speed: float | None = 1.0
    patches_per_chunk: int = 1
    silent_dbfs: float = SILENT_DBFS
    new_session_id: Callable[[], str] = field(default_factory=SessionIds)
    clock_ns: Callable[[], int] = time.time_ns
    _next_ns: int = field(default=0, init=False)

    def play_all(self, paths: Iterable[Path], is_endless: bool = False) -> list[RecordingError]:
        """Plays each file in turn, over and over if `is_endless`; skips what cannot be played.

        Returns:
            What was wrong with those that were skipped, or broken off because of damage.

        Raises:
            BrokerRefused: Trying again will not help.
        """
        errors: list[RecordingError] = []
        playable = list(paths)
        while playable and not self.stop.is_set():
            for path in tuple(playable):
                try:
                    self.play_file(path)
                except RecordingError as error:
                    log.error("recording refused", file=str(path), reason=error.reason)
                    errors.append(error)
                    playable.remove(path)
                if self.stop.is_set():
                    break
            if not is_endless:
                break
        return errors

    def play_file(self, path: Path) -> None:
        """Plays one file as one session.

        Raises:
            RecordingError: It cannot be played, or is damaged; what was sound was sent.
            BrokerRefused: Trying again will not help.
        """
        recording = Recording.open(path)
        # Faster than real time a session reaches into the future: the next one starts after it.
        started_at_ns = max(self.clock_ns(), self._next_ns)
        session = Session(
            self.device_id, self.new_session_id(), started_at_ns, recording.sample_rate_hz
        )
        playing = log.bind(file=str(path), device=self.device_id, session=session.session_id)
        playing.info("playing", duration_s=round(recording.duration_s, 2))
        cut = chunks(recording.pcm(), session, self.patches_per_chunk, self.silent_dbfs)
        sender = Sender(self.append, self.new_session_id, self.stop, self.metrics)
        last = play(_logged(cut, playing), sender, Pace(self.speed, self.stop))
        if last is not None:
            num_samples = last.header.first_sample + last.pcm.size
            self._next_ns = session.captured_at_ns(num_samples)
            outcome = "played" if has_ended(last) else "stopped"
            playing.info(outcome, at_s=round(num_samples / SAMPLE_RATE_HZ, 2))


def _logged(
    cut: Iterable[AudioChunk], playing: structlog.stdlib.BoundLogger
) -> Iterator[AudioChunk]:
    """Passes chunks on and says every few seconds how far they got."""
    logged_s = time.monotonic()
    for chunk in cut:
        yield chunk
        if time.monotonic() - logged_s >= PROGRESS_EVERY_S:
            logged_s = time.monotonic()
            playing.info("progress", at_s=round(chunk.header.first_sample / SAMPLE_RATE_HZ, 2))
