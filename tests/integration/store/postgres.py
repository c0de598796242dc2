"""A PostgreSQL server of the test's own, from Debian's binaries, on a unix socket."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

INSTALLED = Path("/usr/lib/postgresql")
READY_WITHIN_S = 30.0
USER = "postgres"


def find_binaries() -> Path:
    """The folder of the newest installed server; skips the test when there is none."""
    found = sorted(INSTALLED.glob("*/bin/postgres"), key=lambda file: int(file.parts[-3]))
    if not found:
        pytest.skip("needs a PostgreSQL server (apt-get install postgresql)")
    return found[-1].parent


class PostgresServer:
    """A running server; it refuses to run as root, so root starts it as the package's user."""

    def __init__(self) -> None:
        binaries = find_binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="earshot-pg-"))
        self._drop: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER, USER)
            self._drop = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        data = self.folder / "data"
        initdb = [*self._drop, str(binaries / "initdb"), "-D", str(data), "-U", USER]
        subprocess.run(
            [*initdb, "--auth=trust", "--no-sync", "-E", "UTF8"],
            check=True,
            capture_output=True,
            cwd=self.folder,
        )
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder)}
        options |= {"fsync": "off", "max_connections": "100"}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._command = [*self._drop, str(binaries / "postgres"), "-D", str(data), *words]
        self.start()

    def start(self) -> None:
        """Starts the process and waits until it answers."""
        self.process = subprocess.Popen(
            self._command, cwd=self.folder, stderr=subprocess.DEVNULL, process_group=0
        )
        end_s = time.monotonic() + READY_WITHIN_S
        while not self._answers():
            assert self.process.poll() is None, "the PostgreSQL server ended"
            assert time.monotonic() < end_s, "the PostgreSQL server does not answer"
            time.sleep(0.05)

    def new_database(self) -> str:
        """Creates an empty database; returns its URL."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Ends the process at once, open connections or not."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def remove(self) -> None:
        """Ends the process and removes its folder."""
        self.stop()
        shutil.rmtree(self.folder)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._conninfo("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _conninfo(self, database: str) -> str:
        return f"host={self.folder} user={USER} dbname={database}"
