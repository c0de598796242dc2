"""How far the sessions of a partition have been worked off, and how a batch moves them on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from earshot.events.stretch import Stretch
from earshot.store.device_state import DeviceState

SessionKey: TypeAlias = tuple[str, str]
"""Device id and session id."""

NO_SEQUENCE = -1
"""`last_sequence` of a session of which nothing has been committed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a session has been worked off.

    Attributes:
        last_sequence: Of the last entry committed.
        tracker_state: The tracker's memory after that entry.
        listening: What was heard and may go on; None when the session is not open.
    """

    last_sequence: int
    tracker_state: dict[str, Any]
    listening: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How a batch moves one session on.

    Attributes:
        key: Which session.
        previous_sequence: Where it stood when the batch was worked off; `NO_SEQUENCE` if nowhere.
        progress: Where it stands now.
        heard_at_ns: Capture time of the batch's newest message of it; 0 when none had one.
        first_heard_at_ns: The same of the oldest; None when there is but one.
        device_state: The state in which the device was found before the batch was worked off.
        is_refused: Whether nothing of it was heard: its sound was passed over, or its source is
            gone.
        covered: Stretches of time that are complete.
    """

    key: SessionKey
    previous_sequence: int
    progress: Progress
    heard_at_ns: int
    first_heard_at_ns: int | None = None
    device_state: DeviceState = DeviceState.ACTIVE
    is_refused: bool = False
    covered: tuple[Stretch, ...] = ()
