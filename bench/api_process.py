"""The api as a process of its own, over a database and a broker."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from bench.system import wait_until
from earshot.embedded_broker import free_port


@contextmanager
def running_api(database_url: str, redis_url: str) -> Iterator[str]:
    """Starts it on a free port, and gives its URL once it is ready."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "EARSHOT_API_PORT": str(port),
        "EARSHOT_DATABASE_URL": database_url,
        "EARSHOT_REDIS_URL": redis_url,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "services.api"],
        env=os.environ | environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _is_ready(url), "the api to be ready")
        yield url
    finally:
        process.terminate()
        process.wait()


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5):
            return True
    except OSError:
        return False
