"""A supervised system in the background of a command."""

from __future__ import annotations

from threading import Thread
from types import TracebackType

from earshot.cli.demonstration.errors import Interrupted
from earshot.cli.supervisor.supervisor import Supervisor


class Background:
    """Runs a supervisor in a thread; leaving `with` stops it in order, and waits for its end."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self._problem: Exception | None = None
        self._thread = Thread(target=self._run, name="supervisor")

    def __enter__(self) -> Background:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._thread.is_alive():
            self.supervisor.stop()
        self._thread.join()

    def check(self) -> None:
        """Returns while it runs and is to run on; otherwise waits for its end.

        Raises:
            Refused: A process refused to start, so it ended.
            Interrupted: It was told to stop.
        """
        if self.supervisor.is_stopping or not self._thread.is_alive():
            self._thread.join()
            raise self._problem or Interrupted

    def wait(self) -> None:
        """Returns when it has ended."""
        self._thread.join()

    def _run(self) -> None:
        try:
            self.supervisor.run()
        except Exception as error:  # handed to the thread that asks
            self._problem = error
