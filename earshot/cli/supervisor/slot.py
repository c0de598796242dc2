"""One place for a process: what runs there now, and when something is due."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum, auto

from earshot.cli.supervisor.backoff import STEADY_AFTER_S, Backoff
from earshot.cli.supervisor.child import Child
from earshot.cli.supervisor.spec import ProcessSpec

STOP_WITHIN_S = 5.0  # longer than a worker's batch and its wait for the model server
EXIT_REFUSED = 2


class Ended(Enum):
    """What the end of a process means."""

    FINISHED = auto()  # as it should: it was told to, or had no more to do
    FAILED = auto()  # it is started again, at `due_s`
    REFUSED = auto()  # the same, but it said that it cannot start as things are


@dataclass(slots=True, eq=False)
class Slot:
    """The place of one replica. Times are those of `time.monotonic`.

    Attributes:
        name: Of the process.
        spec: What to run.
        due_s: When it is to be started, or killed because it does not stop; None: nothing is due.
        is_wanted: False once it was told to stop.
        is_ready: Whether what was to wait for it need wait no longer; stays so for good.
        num_refused: How often in a row it refused to start; 0 again once it ran for a while.
    """

    name: str
    spec: ProcessSpec
    due_s: float | None = None
    is_wanted: bool = True
    is_ready: bool = field(init=False)
    child: Child | None = None
    num_refused: int = 0
    was_steady: bool = False
    _started_s: float = 0.0
    _backoff: Backoff = field(default_factory=Backoff)

    def __post_init__(self) -> None:
        self.is_ready = self.spec.is_ready is None

    def start(self, now_s: float) -> Child:
        """Starts the process."""
        self.child = Child(self.spec.command, {**os.environ, **self.spec.environment})
        self.due_s, self._started_s = None, now_s
        return self.child

    def stop(self, now_s: float) -> None:
        """Asks the process to stop; once `due_s` has come, it is time to kill it."""
        if self.is_wanted and self.child:
            self.child.terminate()
            self.due_s = now_s + STOP_WITHIN_S
        self.is_wanted = False

    def kill(self) -> None:
        """Ends the process at once."""
        self.is_wanted, self.due_s = False, None
        if self.child:
            self.child.kill()

    def end(self, exit_code: int, now_s: float) -> Ended:
        """Notes that the process has ended; sets when it is started again."""
        ran_s, self.child = now_s - self._started_s, None
        if not (self.is_wanted and self.spec.is_endless):
            self.is_wanted, self.due_s = False, None
            return Ended.FINISHED
        self.due_s = now_s + self._backoff.wait_s(ran_s)
        self.was_steady = self.was_steady or ran_s >= STEADY_AFTER_S
        if exit_code == EXIT_REFUSED or not self.is_ready:
            self.num_refused += 1
            return Ended.REFUSED
        self.num_refused = 0
        return Ended.FAILED
