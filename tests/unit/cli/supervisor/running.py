"""A supervisor in a thread, and small processes for it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from threading import Thread

from earshot.cli.supervisor.errors import Refused
from earshot.cli.supervisor.log import MergedLog
from earshot.cli.supervisor.spec import ProcessSpec
from earshot.cli.supervisor.supervisor import Supervisor

DEADLINE_S = 30.0


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Polls a condition; fails the test when it has not come true by the deadline."""
    end_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end_s, f"not within {DEADLINE_S:g} s: {what}"
        time.sleep(0.01)


class Running:
    """A supervisor in a thread, and what it has logged."""

    def __init__(self, *specs: ProcessSpec) -> None:
        self._out = io.StringIO()
        self.changes: list[dict[str, int]] = []
        self.supervisor = Supervisor(
            specs, MergedLog(self._out), lambda processes: self.changes.append(dict(processes))
        )
        self.refused: Refused | None = None
        self._thread = Thread(target=self._run)
        self._thread.start()

    @property
    def log(self) -> str:
        return self._out.getvalue()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def pid(self, name: str) -> int:
        return self.supervisor.processes.get(name, 0)

    def wait_for(self, text: str, times: int = 1) -> None:
        wait_until(lambda: self.log.count(text) >= times, f"{times} x {text!r} in\n{self.log}")

    def join(self) -> None:
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive(), self.log

    def end(self) -> None:
        self.supervisor.stop()
        self.supervisor.stop()
        self._thread.join(DEADLINE_S)

    def _run(self) -> None:
        try:
            self.supervisor.run()
        except Refused as error:
            self.refused = error


Start = Callable[..., Running]


def shell(name: str, script: str, **attributes: object) -> ProcessSpec:
    """A process that runs a line of shell."""
    return ProcessSpec(name, ("/bin/sh", "-c", script), **attributes)  # type: ignore[arg-type]


# Says when it runs and when it is told to stop.
PATIENT = "trap 'echo bye; exit 0' TERM; echo hello; while :; do sleep 30 & wait $!; done"
DEAF = "trap '' TERM; echo hello; sleep 30; sleep 30"
