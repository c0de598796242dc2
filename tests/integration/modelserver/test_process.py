"""The process: starts, says how it is, stops when told, and refuses to start with what is wrong."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import grpc
import httpx
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from earshot.serving.client import ServingClient
from earshot.serving.errors import ModelRefused, ModelUnavailable
from services.modelserver.backend import require_precision
from services.modelserver.errors import PrecisionUnsupported

SERVING, NOT_SERVING = HealthCheckResponse.SERVING, HealthCheckResponse.NOT_SERVING


def health(channel: grpc.Channel, name: str) -> int:
    return HealthStub(channel).Check(HealthCheckRequest(service=name), timeout=30).status


def is_known(channel: grpc.Channel, name: str) -> bool:
    try:
        return bool(health(channel, name))
    except grpc.RpcError:  # NOT_FOUND until the first poll is over
        return False


@pytest.fixture
def models_dir(tmp_path, bundles, put):
    put(bundles / "first", tmp_path / "models", "demo", 1)
    return tmp_path / "models"


def test_server_and_models_are_serving_when_loaded(channel):
    assert health(channel, "") == health(channel, "demo") == health(channel, "plain") == SERVING
    with pytest.raises(grpc.RpcError) as raised:
        health(channel, "nope")
    assert raised.value.code() == grpc.StatusCode.NOT_FOUND


def test_server_is_not_serving_when_a_model_cannot_be_loaded(start, models_dir, until, codes):
    (models_dir / "broken" / "1").mkdir(parents=True)
    server = start(models_dir)
    until(lambda: server.events("version not served"))
    with grpc.insecure_channel(server.target) as channel:
        until(lambda: is_known(channel, "demo"))
        assert health(channel, "demo") == SERVING
        assert health(channel, "") == health(channel, "broken") == NOT_SERVING
    with ServingClient(server.target) as client:
        assert client.predict("demo", codes(1, 1))[1] == 1


def test_server_is_not_serving_when_the_models_folder_is_empty(start, tmp_path):
    (tmp_path / "empty").mkdir()
    server = start(tmp_path / "empty")
    with grpc.insecure_channel(server.target) as channel:
        assert health(channel, "") == NOT_SERVING
    assert server.stop() == 0


def test_every_call_is_answered_or_told_to_come_back_when_the_server_stops(
    start, models_dir, codes
):
    server = start(models_dir)
    server.wait_until_serving()
    inputs = codes(4, 30)
    answered = Event()

    def ask_until_away(client: ServingClient) -> None:
        while True:
            try:
                client.predict("demo", inputs)
                answered.set()
            except ModelUnavailable:
                return

    with ServingClient(server.target) as client, ThreadPoolExecutor(8) as pool:
        callers = [pool.submit(ask_until_away, client) for _ in range(8)]
        assert answered.wait(30)
        assert server.stop() == 0
        for caller in callers:
            caller.result(30)  # raises what is no ModelUnavailable
    assert server.events("stopped")


def test_client_finds_the_server_again_when_it_comes_back(start, models_dir, until, codes):
    first = start(models_dir)
    first.wait_until_serving()
    port = int(first.target.rpartition(":")[2])
    inputs = codes(1, 1)
    with ServingClient(first.target) as client:
        assert client.predict("demo", inputs)[1] == 1
        assert first.stop() == 0
        with pytest.raises(ModelUnavailable):
            client.predict("demo", inputs)
        start(models_dir, modelserver_port=port).wait_until_serving()

        def answers() -> bool:
            try:
                return client.predict("demo", inputs)[1] == 1
            except ModelUnavailable:  # between two attempts to connect
                return False

        until(answers)


def test_metrics_tell_rows_and_version_when_they_are_on(start, models_dir, codes):
    server = start(models_dir, metrics_port=0)
    server.wait_until_serving()
    with ServingClient(server.target) as client:
        client.predict("demo", codes(3, 2))
        with pytest.raises(ModelRefused):
            client.predict("nope", {})
    port = server.events("metrics served")[0]["port"]
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text
    for line in (
        'earshot_modelserver_requests_total{code="OK",method="predict"} 1.0',
        'earshot_modelserver_requests_total{code="NOT_FOUND",method="predict"} 1.0',
        'earshot_modelserver_batch_rows_sum{model="demo"} 3.0',
        'earshot_modelserver_served_version{model="demo",precision="f32"} 1.0',
    ):
        assert line in text


def test_each_model_computes_in_its_own_precision_when_set(start, models_dir, bundles, put):
    try:
        require_precision("bf16")
    except PrecisionUnsupported as error:
        pytest.skip(str(error))
    put(bundles / "plain", models_dir, "plain", 1)
    server = start(models_dir, modelserver_model_precisions="demo=bf16")
    server.wait_until_serving()
    loaded = {event["model"]: event["precision"] for event in server.events("version loaded")}
    assert loaded == {"demo": "bf16", "plain": "f32"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"models_dir": "/no/such/folder"}, "EARSHOT_MODELS_DIR='/no/such/folder': no such folder"),
        ({"modelserver_poll_s": "often"}, "EARSHOT_MODELSERVER_POLL_S='often': must be a number"),
    ],
)
def test_start_is_refused_in_one_line_when_a_setting_is_wrong(start, tmp_path, settings, sentence):
    server = start(**{"models_dir": tmp_path, **settings})
    assert server.process.wait(30) == 2
    assert sentence in server.log()


def test_start_is_refused_when_the_port_is_taken(start, server, models_dir):
    port = server.target.rpartition(":")[2]
    second = start(models_dir, modelserver_port=port)
    assert second.process.wait(30) == 2
    assert f"EARSHOT_MODELSERVER_PORT={port}: cannot listen on 127.0.0.1" in second.log()


def test_help_lists_the_settings_when_asked():
    command = [sys.executable, "-m", "services.modelserver", "--help"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    assert "EARSHOT_MODELSERVER_PORT=8500" in text
