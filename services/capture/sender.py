"""Appends the chunks of a session to the audio topic: in order, each once, waiting when it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from earshot.contracts.messages import AudioChunk, Flags
from earshot.streams.errors import BrokerAway
from earshot.streams.port import Answer, Appended
from services.capture.append import Append
from services.capture.metrics import CaptureMetrics
from services.capture.stop import Stop

FIRST_WAIT_S = 0.01
LONGEST_WAIT_S = 0.25

log = structlog.get_logger(__name__)


class Sender:
    """Sends what can wait: a recording. One sender per session.

    When the topic is full or the broker is away it tries the same chunk again, 10 ms later, then
    20, up to 250. When the broker forgot the end of the session (AHEAD), the next chunk says what
    is missing before it; when it forgot all of it (UNKNOWN), a new session starts with that chunk.

    Args:
        append: Appends to the audio topic.
        new_session_id: Called for each session the broker forgot.
        stop: Ends each wait.
        metrics: What is counted.
    """

    def __init__(
        self,
        append: Append,
        new_session_id: Callable[[], str],
        stop: Stop,
        metrics: CaptureMetrics,
    ) -> None:
        self._append = append
        self._new_session_id = new_session_id
        self._stop = stop
        self._metrics = metrics
        self._first_samples: list[int] = []  # of each chunk sent, by its sequence
        self._session_id = ""  # of the session that replaced the chunks' own
        self._session_sample = 0  # where that one starts
        self._lost_sample: int | None = None  # first sample that the broker forgot

    def send(self, chunk: AudioChunk) -> bool:
        """Returns True once the topic holds the chunk; False when told to stop before that.

        The chunk is offered at least once, even after a stop.

        Raises:
            BrokerRefused: Trying again will not help.
        """
        while True:
            addressed = self._addressed(chunk)
            appended = self._offer(addressed)
            if appended is None:
                return False
            if appended.answer is Answer.AHEAD:
                self._go_back(appended.next_sequence)
            elif appended.answer is Answer.UNKNOWN:
                if not chunk.pcm.size:
                    return True  # the end of a session that nobody knows any more
                self._start_again(chunk)
            else:
                self._note_sent(chunk, addressed)
                return True

    def _addressed(self, chunk: AudioChunk) -> AudioChunk:
        """The chunk as it is sent: in its session, at its place, after its gap."""
        header = replace(
            chunk.header,
            session_id=self._session_id or chunk.header.session_id,
            sequence=len(self._first_samples),
            first_sample=chunk.header.first_sample - self._session_sample,
        )
        if self._lost_sample is not None:
            header = replace(
                header,
                flags=header.flags | Flags.GAP,
                gap_before_samples=chunk.header.first_sample - self._lost_sample,
                gap_reason="broker_loss",
            )
        return replace(chunk, header=header)

    def _offer(self, chunk: AudioChunk) -> Appended | None:
        """The broker's answer, or None when told to stop while it had no room."""
        wait_s = FIRST_WAIT_S
        while True:
            reason = "full"
            try:
                appended = self._append(chunk)
                if appended.answer is not Answer.FULL:
                    return appended
            except BrokerAway as error:
                reason = "away"
                if wait_s == FIRST_WAIT_S:
                    log.warning("broker away, waiting", error=str(error))
            if self._stop.wait(wait_s):
                return None
            self._metrics.count_held(wait_s, reason)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    def _go_back(self, next_sequence: int) -> None:
        self._lost_sample = self._first_samples[next_sequence]
        del self._first_samples[next_sequence:]

    def _start_again(self, chunk: AudioChunk) -> None:
        self._session_id = self._new_session_id()
        self._session_sample = chunk.header.first_sample
        self._first_samples.clear()
        self._lost_sample = None
        log.warning("the broker does not know the session, a new one starts", new=self._session_id)

    def _note_sent(self, chunk: AudioChunk, addressed: AudioChunk) -> None:
        self._first_samples.append(chunk.header.first_sample)
        self._lost_sample = None
        self._metrics.count_sent(chunk)
        if lost_samples := addressed.header.gap_before_samples:
            self._metrics.count_lost(lost_samples, addressed.header.gap_reason)
            log.warning("the broker lost the end of the session", lost_samples=lost_samples)
