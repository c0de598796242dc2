"""A system under its supervisor: known in its data folder, stopped by signals."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from earshot.cli.supervisor.errors import PortTaken
from earshot.cli.supervisor.folder import StateFile, claimed
from earshot.cli.supervisor.log import MergedLog
from earshot.cli.supervisor.ports import is_free, next_free_port
from earshot.cli.supervisor.settings import UpSettings
from earshot.cli.supervisor.spec import ProcessSpec
from earshot.cli.supervisor.supervisor import Supervisor
from earshot.cli.supervisor.system import System

API_PORT = 8080
ECHO_S = 0.3
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stoppable(Protocol):
    """What can be told to stop, more than once, from a signal handler."""

    def stop(self) -> None:
        """Stops in order; the second time at once."""


def run_system(
    settings: UpSettings, log: MergedLog, num_features: int = 1, num_classifiers: int = 1
) -> None:
    """Runs a system until a signal stops it. Call it from the main thread.

    Raises:
        AlreadyRunning: There is one in the data folder.
        PortTaken: The api's port was asked for, and is in use.
        Refused: A process refuses to start.
    """
    if "redis_url" in settings.model_fields_set:
        log.say("warning", "EARSHOT_REDIS_URL is not used: this system has a broker of its own")
    with claimed(settings.data_dir):
        api_port = _api_port(settings.api_port, log)
        system = System.on_free_ports(settings.data_dir, settings.stream_budget_mb, api_port)
        supervisor = supervisor_of(system, system.specs(num_features, num_classifiers), log)
        stop_on_signals(supervisor)
        log.say("info", "starting", events=f"{system.addresses['api_url']}/v1/events")
        supervisor.run()


def supervisor_of(system: System, specs: Sequence[ProcessSpec], log: MergedLog) -> Supervisor:
    """Returns a supervisor of the specs that keeps the state file as they come and go."""
    state = StateFile(system.data_dir, system.addresses)

    def note(processes: Mapping[str, int]) -> None:
        try:
            if processes:
                state.write(processes)
            else:
                state.remove()
        except OSError as error:
            log.say("error", "the state file cannot be written", reason=str(error))

    return Supervisor(specs, log, on_change=note)


def stop_on_signals(supervisor: Stoppable) -> None:
    """Makes Ctrl-C, SIGTERM and the end of the terminal stop it; a second one kills.

    A signal that the process was started to ignore, as by nohup, stays ignored.
    """
    first_s: list[float] = []

    def handle(*_: object) -> None:
        now_s = time.monotonic()
        # Whoever starts us may hand on a signal that we got as well: that is one stop, not two.
        if not first_s or now_s - first_s[0] > ECHO_S:
            supervisor.stop()
        first_s.append(now_s)

    for number in _STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handle)


def _api_port(wanted: int | None, log: MergedLog) -> int:
    if wanted is not None:
        if wanted and not is_free(wanted):
            raise PortTaken(f"port {wanted} is in use; choose another with --port, 0 for any")
        return wanted
    port = next_free_port(API_PORT)
    if port != API_PORT:
        log.say("warning", f"port {API_PORT} is in use, the api listens on {port}")
    return port
