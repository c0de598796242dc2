"""A configuration of models: read from TensorFlow Serving's file, replaced by its client."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import grpc
import httpx
import numpy as np
import pytest

from earshot.serving.api import ModelState
from earshot.serving.client import ServingClient

CONFIG = """
model_config_list {{
  config {{
    name: "demo" base_path: "{models_dir}/demo" model_platform: "tensorflow"
    model_version_policy {{ specific {{ versions: 1 versions: 2 }} }}
    version_labels {{ key: "stable" value: 1 }}
    version_labels {{ key: "canary" value: 2 }}
  }}
}}
"""


@pytest.fixture
def models_dir(tmp_path, bundles, put):
    folder = tmp_path / "models"
    put(bundles / "first", folder, "demo", 1)
    put(bundles / "second", folder, "demo", 2)
    put(bundles / "first", folder, "demo", 3)
    put(bundles / "plain", folder, "plain", 1)
    return folder


@pytest.fixture
def running(start, models_dir, tmp_path):
    config_file = tmp_path / "models.config"
    config_file.write_text(CONFIG.format(models_dir=models_dir))
    server = start(models_dir, modelserver_config_file=config_file)
    server.wait_until_serving()
    return server


@pytest.fixture
def client(running):
    with ServingClient(running.target) as connected:
        yield connected


@pytest.fixture
def own_channel(running):
    with grpc.insecure_channel(running.target) as connected:
        yield connected


@pytest.fixture
def predict(official, own_channel, codes):
    inputs = codes(2, 3)

    def ask(label):
        request = official.predict.PredictRequest()
        request.model_spec.name = "demo"
        request.model_spec.version_label = label
        for name, array in inputs.items():
            request.inputs[name].CopyFrom(official.tf.make_tensor_proto(array))
        reply = official.prediction_stub(own_channel).Predict(request, timeout=30)
        scores = official.tf.make_ndarray(reply.outputs["scores"])
        return reply.model_spec.version.value, inputs, scores

    return ask


@pytest.fixture
def reload(official, own_channel, models_dir):
    """Sends a configuration of `demo` with the official messages."""
    stub = official.model_stub(own_channel)

    def send(versions=(), name="demo", **labels):
        request = official.management.ReloadConfigRequest()
        config = request.config.model_config_list.config.add()
        config.name = name
        config.base_path = str(models_dir / name)
        config.model_platform = "tensorflow"
        config.model_version_policy.specific.versions.extend(versions)
        for label, version in labels.items():
            config.version_labels[label] = version
        return stub.HandleReloadConfigRequest(request, timeout=30)

    return send


def test_policy_of_the_file_is_kept_when_the_server_starts(client):
    assert client.status("demo") == [(2, ModelState.AVAILABLE), (1, ModelState.AVAILABLE)]


def test_label_means_its_version_over_grpc_and_rest(running, predict, expected):
    for label, version, bundle in (("stable", 1, "first"), ("canary", 2, "second")):
        answered, inputs, scores = predict(label)
        reference = expected(bundle, inputs)["scores"]
        assert answered == version
        np.testing.assert_allclose(scores, reference, rtol=0, atol=1e-5)

        path = f"{running.rest}/demo/labels/{label}"
        body = {"inputs": {name: array.tolist() for name, array in inputs.items()}}
        outputs = httpx.post(f"{path}:predict", json=body, timeout=30).json()["outputs"]
        np.testing.assert_allclose(outputs["scores"], reference, rtol=0, atol=1e-5)
        (status,) = httpx.get(path, timeout=30).json()["model_version_status"]
        assert status["version"] == str(version)


def test_labels_move_without_a_failed_call_when_the_config_is_reloaded(predict, reload):
    stop = Event()

    def ask_until_stopped() -> list[int]:
        versions = []
        while not stop.is_set():
            versions.append(predict("stable")[0])
        return versions

    with ThreadPoolExecutor(4) as pool:
        callers = [pool.submit(ask_until_stopped) for _ in range(4)]
        try:
            reply = reload([3], stable=3)  # version 1 retires
            assert (reply.status.error_code, reply.status.error_message) == (0, "")
            assert predict("stable")[0] == 3
        finally:
            stop.set()
        for caller in callers:
            versions = caller.result(30)
            assert set(versions) <= {1, 3}
            assert versions == sorted(versions)


def test_old_models_leave_service_when_the_new_config_leaves_them_out(client, reload):
    reload([1], name="plain")
    assert client.predict("plain", {"x": np.ones((1, 2), np.float32)})[1] == 1
    assert {state for _, state in client.status("demo")} == {ModelState.END}


def test_reload_is_refused_and_nothing_changes_when_the_config_makes_no_sense(
    official, own_channel, predict
):
    request = official.management.ReloadConfigRequest()
    stub = official.model_stub(own_channel)
    for base_path, sentence in (("demo", "absolute path"), ("/", "outside the models folder")):
        request.config.model_config_list.ClearField("config")
        request.config.model_config_list.config.add(name="demo", base_path=base_path)
        with pytest.raises(grpc.RpcError) as raised:
            stub.HandleReloadConfigRequest(request, timeout=30)
        assert raised.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert sentence in raised.value.details()
    assert predict("stable")[0] == 1


def test_reload_tells_what_is_missing_when_a_version_is_not_there(reload, predict):
    with pytest.raises(grpc.RpcError) as raised:
        reload([1], stable=9)
    assert raised.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert raised.value.details() == (
        "Request to assign label to version 9 of model demo, "
        "which is not currently available for inference"
    )
    assert predict("stable")[0] == 1


def test_start_is_refused_in_one_line_when_the_config_file_is_wrong(start, tmp_path):
    config_file = tmp_path / "models.config"
    config_file.write_text('model_config_list { config { name: "demo" base_path: "demo" } }')
    server = start(tmp_path, modelserver_config_file=config_file)
    assert server.process.wait(30) == 2
    assert server.log().startswith(f"{config_file}: Expected model demo to have an absolute path")
