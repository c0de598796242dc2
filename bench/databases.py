"""The databases to measure on: a SQLite file, and PostgreSQL where Debian's server is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"
READY_WITHIN_S = 30.0


@contextmanager
def empty_databases() -> Iterator[list[tuple[str, str]]]:
    """Gives name and URL of an empty database of each kind; they are gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = [("SQLite", f"sqlite:///{folder / 'earshot.db'}")]
        binaries = sorted(INSTALLED.glob("*/bin"), key=lambda each: int(each.parent.name))
        if binaries:
            found.append(("PostgreSQL", stack.enter_context(_postgresql(binaries[-1]))))
        else:
            print("PostgreSQL is not here (make system-deps): not measured", file=sys.stderr)
        yield found


@contextmanager
def _postgresql(binaries: Path) -> Iterator[str]:
    """A server on a unix socket, with its defaults; it refuses to run as root."""
    with tempfile.TemporaryDirectory() as name:
        folder, drop = Path(name), []
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
            drop = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        data = str(folder / "data")
        initdb = [str(binaries / "initdb"), "-D", data, "-U", USER, "--auth=trust", "-E", "UTF8"]
        subprocess.run([*drop, *initdb], check=True, capture_output=True, cwd=folder)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
        server = subprocess.Popen(
            [*drop, str(binaries / "postgres"), "-D", data, *options],
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        try:
            _wait_for(server, folder)
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # does not wait for clients to leave
            server.wait()


def _wait_for(server: subprocess.Popen[bytes], folder: Path) -> None:
    end_s = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            psycopg.connect(f"host={folder} user={USER} dbname=postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end_s:
                raise
            time.sleep(0.05)
        else:
            return
