"""What was heard of one session, message by message: stretches of time that follow each other.

Time is that of the messages' capture, so a stretch is where it belongs however late it arrives.
Samples tell what is lost: as many as the next message jumps over, or says are missing before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Self

from earshot.audio.params import PATCH_HOP_SAMPLES, PATCH_SAMPLES
from earshot.contracts.messages import Flags, Header, SourceState
from earshot.events.patch import NS_PER_SAMPLE, PATCH_HOP_NS
from earshot.events.stretch import NO_SOURCE, Coverage, Stretch

MAX_STRETCH_NS = 86_400 * 1_000_000_000
"""What is longer is given out in pieces, so that a moment's stretch began a day before at most."""

MAX_LOST_NS = 31 * MAX_STRETCH_NS  # a device that claims more has counted wrong
MAX_AT_NS = 2**63 - MAX_STRETCH_NS  # later moments do not fit into 64 bits with what follows
# A filtered clock may move a little while the samples go on without a gap.
SLACK_NS = PATCH_HOP_NS

GAP, OTHER, STOPPED = "gap", "other", "stopped"
_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_SAID_BY_STATE = {
    SourceState.STALLED: (Coverage.LOST, "stalled"),
    SourceState.PAUSED: (Coverage.ABSENT, "paused"),
    SourceState.STOPPED: (Coverage.ABSENT, STOPPED),
}


class Listening:
    """Follows one session.

    The same messages give the same stretches however they are batched, once stretches that touch
    and say the same are taken as one.
    """

    def __init__(self) -> None:
        self._stretch: Stretch | None  # the newest, which may go on
        self._next_sample: int | None
        self._forget()

    @classmethod
    def from_state(cls, state: dict[str, Any] | None) -> Self:
        """Returns one that goes on where another was; None: where nothing was open."""
        listening = cls()
        if state is None:
            return listening
        listening._is_open = True
        if stretch := state.get("stretch"):
            listening._stretch = Stretch.from_state(stretch)
        listening._next_sample = state.get("next_sample")
        listening._lost_reason = state.get("lost_reason", "")
        listening._state = SourceState(state.get("source_state", 0))
        return listening

    def to_state(self) -> dict[str, Any] | None:
        """Returns all it remembers, as JSON values; None when nothing is open."""
        if not self._is_open:
            return None
        stretch = self.stretch
        return {
            "stretch": stretch and stretch.to_state(),
            "next_sample": self._next_sample,
            "lost_reason": self._lost_reason,
            "source_state": self._state.value,
        }

    @property
    def stretch(self) -> Stretch | None:
        """The newest stretch, as far as it is known; None when nothing is open, or has a time."""
        return self._stretch and replace(self._stretch, then=self._then)

    def hear(self, header: Header, num_patches: int) -> list[Stretch]:
        """Takes in the next message; returns the stretches that are complete now.

        A message without a time of capture leaves the stretches as they are.

        Args:
            header: Of the message.
            num_patches: How many patches it holds; each counts for 15,360 samples.
        """
        self._is_open = True
        complete: list[Stretch] = []
        begin_at_ns = header.captured_at_ns
        if 0 < begin_at_ns < MAX_AT_NS:
            coverage = Coverage.SILENT if Flags.SILENT in header.flags else Coverage.HEARD
            end_at_ns = begin_at_ns + num_patches * PATCH_HOP_NS
            complete += self._bridge(header, num_patches)
            complete += self._go_on(begin_at_ns, end_at_ns, coverage)
        self._next_sample = header.first_sample + num_patches * PATCH_HOP_SAMPLES
        self._lost_reason, self._state = "", header.source_state
        if Flags.END_OF_SESSION in header.flags:
            complete += self.stop(STOPPED)
        return complete

    def lose(self, reason: str = "") -> None:
        """Takes note that a message is lost, with as many samples as the next one jumps over."""
        self._lost_reason = _word(reason)

    def stop(self, then: str = NO_SOURCE) -> list[Stretch]:
        """Ends what is open; returns it. What is heard later begins anew.

        Args:
            then: Why nothing follows, unless the source itself has said so last.
        """
        last = self.stretch
        if last is not None and last.then == NO_SOURCE:
            last = replace(last, then=then)
        self._forget()
        return [] if last is None else list(_pieces(last))

    def _forget(self) -> None:
        self._is_open = False
        self._stretch = None
        self._next_sample = None
        self._lost_reason = ""  # of what the next message jumps over
        self._state = SourceState.UNSPECIFIED

    @property
    def _then(self) -> str:
        return _SAID_BY_STATE.get(self._state, (None, NO_SOURCE))[1]

    def _bridge(self, header: Header, num_patches: int) -> list[Stretch]:
        """Accounts for the time from the newest stretch to the message."""
        end_at_ns, last = header.captured_at_ns, self._stretch
        expected = header.first_sample if self._next_sample is None else self._next_sample
        lost_samples = max(header.first_sample - expected, header.gap_before_samples, 0)
        said = header.gap_reason or self._lost_reason
        is_said = bool(said) or header.gap_before_samples > 0
        if last is not None and not num_patches and not is_said and lost_samples < PATCH_SAMPLES:
            # What is left behind the last whole patch was heard all the same.
            heard_to_ns = last.end_at_ns + lost_samples * NS_PER_SAMPLE
            self._stretch = last = replace(last, end_at_ns=heard_to_ns)
            lost_samples = 0
        if lost_samples:
            begin_at_ns = end_at_ns - min(lost_samples * NS_PER_SAMPLE, MAX_LOST_NS)
            begin_at_ns = max(begin_at_ns, last.end_at_ns if last else 0)
        elif last is not None and self._state in _SAID_BY_STATE:
            begin_at_ns = last.end_at_ns
        else:
            return []
        by_state = _SAID_BY_STATE.get(self._state, (Coverage.LOST, GAP))
        coverage, reason = (Coverage.LOST, _word(said)) if said else by_state
        return self._go_on(begin_at_ns, end_at_ns, coverage, reason)

    def _go_on(
        self, begin_at_ns: int, end_at_ns: int, coverage: Coverage, reason: str = ""
    ) -> list[Stretch]:
        """Continues the newest stretch if it says the same, else makes this the newest."""
        last = self._stretch
        touches = last is not None and abs(begin_at_ns - last.end_at_ns) <= SLACK_NS
        if last is not None and touches:
            begin_at_ns = last.end_at_ns
        if end_at_ns <= begin_at_ns:
            return []
        says_the_same = last is not None and (last.coverage, last.reason) == (coverage, reason)
        if last is not None and touches and says_the_same:
            # Nearly every message comes here: `replace` would take twice as long.
            self._stretch = Stretch(last.begin_at_ns, end_at_ns, coverage, reason, last.then)
            return []
        complete = self.stretch
        self._stretch = Stretch(begin_at_ns, end_at_ns, coverage, reason)
        return [] if complete is None else list(_pieces(complete))


def _word(reason: str) -> str:
    """Reasons are counted by name, so senders may not make up names of any kind."""
    if not reason:
        return GAP
    return reason if _WORD.fullmatch(reason) else OTHER


def _pieces(stretch: Stretch) -> Iterator[Stretch]:
    begin_at_ns = stretch.begin_at_ns
    while begin_at_ns < stretch.end_at_ns:
        end_at_ns = min(begin_at_ns + MAX_STRETCH_NS, stretch.end_at_ns)
        yield replace(stretch, begin_at_ns=begin_at_ns, end_at_ns=end_at_ns)
        begin_at_ns = end_at_ns
