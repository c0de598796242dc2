"""The supervisor: one loop that starts processes, reads what they write, and starts them again."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence

from earshot.cli.supervisor.errors import Refused
from earshot.cli.supervisor.fleet import Fleet
from earshot.cli.supervisor.log import MergedLog
from earshot.cli.supervisor.requests import Requests, Scale, Stop
from earshot.cli.supervisor.slot import Ended, Slot
from earshot.cli.supervisor.spec import ProcessSpec
from earshot.cli.supervisor.watch import Watch

READY_EVERY_S = 0.02
MAX_REFUSALS = 2  # the first may be bad luck: a port that was taken in between

OnChange = Callable[[Mapping[str, int]], None]


class Supervisor:
    """Runs processes until it is stopped.

    Args:
        specs: In the order in which they are stopped, the way a sound travels: producers first,
            the broker last. They are started from the other end.
        log: Takes the lines of all processes.
        on_change: Called in the loop with name and pid of what runs, whenever that changes.

    Attributes:
        processes: Name and pid of what runs now; replaced, never changed, so any thread may look.
        is_stopping: Whether it was told to end, or ends because a process refused.
        exit_codes: Of the processes that ended and are not started again.
    """

    def __init__(
        self, specs: Sequence[ProcessSpec], log: MergedLog, on_change: OnChange = lambda _: None
    ) -> None:
        self._log, self._on_change = log, on_change
        self._fleet = Fleet(specs)
        self.is_stopping = False
        self._refused: Refused | None = None
        self._requests = Requests()
        self._watch = Watch(self._requests, log.line)
        self.processes: Mapping[str, int] = {}
        self.exit_codes: dict[str, int] = {}

    def run(self) -> None:
        """Runs until `stop`, or until all processes have finished; none is left when it returns.

        The processes are tied to the thread that calls this.

        Raises:
            Refused: A process refused to start, twice. All others have been stopped in order.
        """
        try:
            while self._fleet:
                self._step()
        finally:
            self._kill_all()
            self._watch.close()
            self._requests.close()
        if self._refused:
            raise self._refused

    def stop(self) -> None:
        """Ends it in order; called again, at once. Safe from threads and signal handlers."""
        self._requests.add(Stop())

    def scale(self, name: str, num_replicas: int) -> None:
        """Changes how many replicas of a spec run. Safe from threads.

        Raises:
            ValueError: No such spec, or less than none.
        """
        if name not in self._fleet.names or num_replicas < 0:
            raise ValueError(f"{num_replicas} of {name!r}: there are {self._fleet.names}")
        self._requests.add(Scale(name, num_replicas))

    def _step(self) -> None:
        """One round: what was asked for, what is due, and then what has been written."""
        now_s = time.monotonic()
        for request in self._requests.take():
            self._answer(request, now_s)
        self._check_ready()
        for slot in self._due(now_s):
            self._act(slot, now_s)
        if self._log.is_lost and not self.is_stopping:
            self._begin_to_stop()  # the reader of the log went away: so did whoever watched
        if self.is_stopping:
            self._fleet.stop_next(now_s)
        self._fleet.sweep()
        for slot in self._watch.wait(self._wait_s() if self._fleet else 0):
            self._end(slot)

    def _answer(self, request: Scale | Stop, now_s: float) -> None:
        if isinstance(request, Scale):
            if not self.is_stopping:
                self._fleet.scale(request.name, request.num_replicas, now_s)
        elif self.is_stopping:
            self._log.say("warning", "killing what still runs")
            for slot in self._fleet:
                slot.kill()
        else:
            self._begin_to_stop()

    def _begin_to_stop(self) -> None:
        self._log.say("info", "stopping")
        self.is_stopping = True

    def _check_ready(self) -> None:
        for slot in self._fleet:
            if slot.child and not slot.is_ready and slot.spec.is_ready:
                slot.is_ready = slot.spec.is_ready()

    def _due(self, now_s: float) -> list[Slot]:
        due = [slot for slot in self._fleet if slot.due_s is not None and slot.due_s <= now_s]
        return due + ([] if self.is_stopping else self._fleet.take_unstarted())

    def _act(self, slot: Slot, now_s: float) -> None:
        if slot.child:
            self._log.say("warning", "does not stop, killing it", process=slot.name)
            slot.kill()
            return
        child = slot.start(now_s)
        self._watch.add(slot, child)
        self._log.say("info", "started", process=slot.name, pid=child.pid)
        self._note_change()

    def _wait_s(self) -> float | None:
        """Until something is due; None when only a line or a request can change anything."""
        now_s = time.monotonic()
        waits_s = [slot.due_s - now_s for slot in self._fleet if slot.due_s is not None]
        if any(slot.child and not slot.is_ready for slot in self._fleet):
            waits_s.append(READY_EVERY_S)
        return max(0.0, min(waits_s)) if waits_s else None

    def _end(self, slot: Slot) -> None:
        assert slot.child is not None
        said, exit_code = "\n".join(slot.child.last_plain_lines), slot.child.reap()
        now_s = time.monotonic()
        outcome = slot.end(exit_code, now_s)
        how = _describe(exit_code)
        if outcome is Ended.FINISHED:
            self._log.say("info", how, process=slot.name)
            self.exit_codes = {**self.exit_codes, slot.name: exit_code}
        elif outcome is Ended.REFUSED and slot.num_refused >= MAX_REFUSALS and not slot.was_steady:
            reason = said or f"{how}: see {slot.spec.log_file}"
            self._refused = Refused(f"{slot.name} refuses to start: {reason}")
            self._log.say("error", "refuses to start, stopping all", process=slot.name)
            self.is_stopping = True
            slot.kill()
        else:
            assert slot.due_s is not None
            event = f"{how}, starting it again"
            self._log.say("warning", event, process=slot.name, in_s=round(slot.due_s - now_s, 1))
        self._note_change()

    def _note_change(self) -> None:
        self.processes = self._fleet.pids()
        self._on_change(self.processes)

    def _kill_all(self) -> None:
        """The last resort: nothing is left behind, whatever went wrong in the loop."""
        for slot in self._fleet:
            slot.kill()
            if slot.child:
                slot.end(slot.child.reap(), time.monotonic())
        self._note_change()


def _describe(exit_code: int) -> str:
    if exit_code >= 0:
        return f"ended with exit code {exit_code}"
    try:
        return f"killed by {signal.Signals(-exit_code).name}"
    except ValueError:  # one of the real-time signals, which have no names
        return f"killed by signal {-exit_code}"
