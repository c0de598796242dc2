"""The features service as a process: what it says of itself."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import httpx

from earshot.embedded_broker import EmbeddedBroker

REPOSITORY = Path(__file__).resolve().parents[3]
DEADLINE_S = 30.0


def test_the_network_and_its_precision_are_in_the_metrics(broker: EmbeddedBroker) -> None:
    variables = {
        "EARSHOT_REDIS_URL": broker.url,
        "EARSHOT_KEY_PREFIX": f"test:{secrets.token_hex(6)}",
        "EARSHOT_METRICS_PORT": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "services.features"],
        cwd=REPOSITORY,
        env={**os.environ, **variables},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        expected = 'earshot_features_embedder_info{embedder="vggish-compact@1",precision="f32"} 1.0'
        port = _metrics_port(process)
        deadline_s = time.monotonic() + DEADLINE_S
        while expected not in (text := httpx.get(f"http://127.0.0.1:{port}/metrics").text):
            assert time.monotonic() < deadline_s, text
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE_S)


def _metrics_port(process: subprocess.Popen[str]) -> int:
    assert process.stderr is not None
    for line in process.stderr:
        if (entry := json.loads(line))["event"] == "metrics served":
            return int(entry["port"])
    raise AssertionError(f"ended with {process.wait()}")
