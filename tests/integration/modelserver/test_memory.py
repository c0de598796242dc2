"""Memory stays flat while one version after another takes over under load."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from earshot.serving.client import ServingClient

# The shipped model: 40 versions of it that were not let go would hold 108 MB more. The allocator
# keeps what threads freed and gives it to whoever asks next, which moves single readings by 20 MB.
SHIPPED = Path(__file__).parents[3] / "models" / "earshot-default"
MAX_GROWTH_BYTES = 40 * 1024 * 1024


def resident_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


@pytest.mark.slow
def test_memory_stays_flat_when_fifty_versions_take_over_under_load(
    *, start, tmp_path, put, until, codes
):
    bundle = max(SHIPPED.iterdir(), key=lambda folder: int(folder.name))
    models_dir = tmp_path / "models"
    put(bundle, models_dir, "demo", 1)
    server = start(models_dir)
    server.wait_until_serving()
    inputs = codes(4, 30)
    stop = Event()

    def ask_until_stopped(client: ServingClient) -> int:
        while not stop.is_set():
            version = client.predict("demo", inputs)[1]
        return version

    resident: dict[int, int] = {}
    with ServingClient(server.target) as client, ThreadPoolExecutor(4) as pool:
        callers = [pool.submit(ask_until_stopped, client) for _ in range(4)]
        try:
            for swap in range(1, 51):
                put(bundle, models_dir, "demo", swap + 1)
                until(lambda swap=swap: client.predict("demo", inputs)[1] == swap + 1)
                shutil.rmtree(models_dir / "demo" / str(swap))
                resident[swap] = resident_bytes(server.process.pid)
        finally:
            stop.set()
        assert {caller.result(30) for caller in callers} == {51}
    after_ten = min(resident[swap] for swap in range(8, 13))
    after_fifty = min(resident[swap] for swap in range(46, 51))
    assert after_fifty - after_ten < MAX_GROWTH_BYTES
