"""What is heard now, by the api as a process, over the shipped model and all partitions."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from earshot.contracts.convert import encode_prediction
from earshot.contracts.messages import Header, Prediction
from earshot.embedded_broker import EmbeddedBroker
from earshot.events.labels import read_class_index
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.topic import partition_of
from earshot.topics import PREDICTIONS
from tests.integration.api.live_feed import Client, wait_until

REPOSITORY = Path(__file__).resolve().parents[3]
MODEL = REPOSITORY / "models" / "earshot-default" / "1"
PARTITIONS = 3


def prediction(device_id: str, name: str) -> Prediction:
    classes = read_class_index(MODEL / "assets" / "labels.csv")
    scores = np.zeros((1, len(classes)), np.float16)
    scores[0, classes.index_of[name]] = 0.5
    codes, levels = np.zeros((1, 128), np.uint8), np.array([-20.0], np.float32)
    header = Header(device_id, "01J", 0, captured_at_ns=1_777_593_600_000_000_000)
    return Prediction(header, "earshot-default@1", scores, scores, codes, levels)


@pytest.mark.usefixtures("engine")
def test_a_process_tells_of_devices_in_every_partition_and_ends_cleanly(
    broker: EmbeddedBroker, database_url: str
) -> None:
    policy = Policy(key_prefix=f"test:{secrets.token_hex(6)}", partitions=PARTITIONS)
    streams = RedisStreams(broker.url, policy)
    device_ids = [f"d{n}" for n in range(12)]
    assert {partition_of(each, PARTITIONS) for each in device_ids} == set(range(PARTITIONS))
    kept = {name: value for name, value in os.environ.items() if "EARSHOT" not in name}
    ours = {
        "EARSHOT_API_PORT": "0",
        "EARSHOT_DATABASE_URL": database_url,
        "EARSHOT_REDIS_URL": broker.url,
        "EARSHOT_KEY_PREFIX": policy.key_prefix,
        "EARSHOT_PARTITIONS": str(PARTITIONS),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "services.api"],
        cwd=REPOSITORY,
        env={**kept, **ours},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        said = next(line for line in map(json.loads, process.stderr) if "port" in line)
        url = f"http://127.0.0.1:{said['port']}/v1/hearing?limit=20"
        client = Client(url, {"Accept": "text/event-stream"})
        wait_until(lambda: client.response is not None, "an answer")
        for device_id in device_ids:
            streams.append(PREDICTIONS, encode_prediction(prediction(device_id, "Speech")))
        wait_until(lambda: len(client.events("hearing")) >= 12, f"all of them: {client.ended}")
        told = {each.data["device_id"]: each.data for each in client.events("hearing")}
        assert sorted(told) == sorted(device_ids)
        assert {each["top"][0]["class_name"] for each in told.values()} == {"Speech"}
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, client.close() == "" and client.ended) == (0, "cleanly")
        assert "Traceback" not in errors
    finally:
        process.kill()
        process.communicate()
        streams.close()
