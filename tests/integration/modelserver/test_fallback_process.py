"""When the process takes TensorFlow in, what it says without it, and how runtimes change over."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import grpc
import numpy as np
import pytest

from earshot.serving.api import ModelState
from earshot.serving.client import ServingClient
from earshot.serving.errors import ModelRefused

AVAILABLE, END = ModelState.AVAILABLE, ModelState.END
MEANS = np.random.default_rng(4).normal(size=(4, 4)).astype(np.float32)


@pytest.fixture
def models_dir(tmp_path, bundles, fallbacks, put):
    put(bundles / "first", tmp_path / "models", "demo", 1)
    for name in ("examples", "both"):
        put(fallbacks / name, tmp_path / "models", name, 1)
    return tmp_path / "models"


def test_tensorflow_stays_away_until_a_request_needs_it(start, tmp_path, bundles, fallbacks, put):
    put(bundles / "first", tmp_path / "models", "demo", 1)
    put(fallbacks / "both", tmp_path / "models", "both", 1)
    server = start(tmp_path / "models")
    server.wait_until_serving()
    with ServingClient(server.target, timeout_s=60) as client:
        client.predict("both", {"mean": MEANS})
        with pytest.raises(ModelRefused, match='key "nope" not found'):
            client.predict("both", {"mean": MEANS}, signature="nope")
        assert client.metadata("both").signatures.keys() == {"serving_default", "examples"}
        assert not server.has_tensorflow
        examples = {"example_bytes": np.array([b"broken"], object)}
        with pytest.raises(ModelRefused, match="Feature: id"):
            client.predict("both", examples, signature="examples")
        assert server.has_tensorflow


def cut(path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    "damage",
    [
        lambda variables: shutil.rmtree(variables),
        lambda variables: cut(variables / "variables.data-00000-of-00001"),
        lambda variables: cut(variables / "variables.index"),
    ],
    ids=["no variables", "cut values", "cut index"],
)
def test_tensorflow_stays_away_when_a_version_is_damaged(
    *, start, tmp_path, bundles, put, until, damage
):
    models_dir = tmp_path / "models"
    put(bundles / "first", models_dir, "demo", 1)
    server = start(models_dir)
    server.wait_until_serving()
    half = shutil.copytree(bundles / "second", tmp_path / "half")
    damage(half / "variables")
    half.rename(models_dir / "demo" / "2")
    until(lambda: server.events("version not served"))
    assert not server.has_tensorflow


def test_one_sentence_says_what_to_install_when_tensorflow_is_missing(
    *, start, official, tmp_path, models_dir, until, codes, monkeypatch
):
    hidden = tmp_path / "hidden" / "tensorflow.py"
    hidden.parent.mkdir()
    hidden.write_text("raise ModuleNotFoundError(\"No module named 'tensorflow'\")\n")
    monkeypatch.setenv("PYTHONPATH", str(hidden.parent))
    server = start(models_dir)
    until(lambda: server.events("version not served"))
    until(lambda: len(server.events("version loaded")) == 2)
    sentence = (
        f"OpenVINO rejects {models_dir}/examples/1: No conversion rule found for operations: "
        "ParseExampleV2; TensorFlow, the fallback, cannot be imported (No module named "
        "'tensorflow'): pip install 'earshot[tensorflow]' adds it"
    )
    request = official.status.GetModelStatusRequest()
    request.model_spec.name = "examples"
    with grpc.insecure_channel(server.target) as channel:
        stub = official.model_stub(channel)
        (version,) = stub.GetModelStatus(request, timeout=30).model_version_status
    assert (version.state, version.status.error_message) == (50, sentence)
    with ServingClient(server.target) as client:
        for name in ("demo", "both"):
            until(lambda name=name: client.status(name) == [(1, AVAILABLE)])
        assert client.predict("demo", codes(1, 1))[1] == 1
        assert client.predict("both", {"mean": MEANS})[1] == 1
        with pytest.raises(
            ModelRefused, match=r'"examples" cannot be run: .*earshot\[tensorflow\]'
        ):
            client.predict("both", {}, signature="examples")


def test_no_call_fails_when_runtimes_take_over_from_each_other(
    *, start, tmp_path, bundles, fallbacks, put, until, codes
):
    models_dir = tmp_path / "models"
    put(bundles / "first", models_dir, "demo", 1)
    server = start(models_dir)
    server.wait_until_serving()
    inputs = codes(2, 6)
    with ServingClient(server.target, timeout_s=60) as client, ThreadPoolExecutor(2) as pool:
        reference = client.predict("demo", inputs)[0]["scores"]

        def ask_until(version: int) -> None:
            answered = 0
            while answered != version:
                outputs, answered = client.predict("demo", inputs)
                np.testing.assert_allclose(outputs["scores"], reference, rtol=0, atol=1e-5)

        for number, bundle in ((2, fallbacks / "frames"), (3, bundles / "first")):
            callers = [pool.submit(ask_until, number) for _ in range(2)]
            put(bundle, models_dir, "demo", number)
            for caller in callers:
                caller.result(60)
            states = [(number, AVAILABLE), (number - 1, END)]
            until(lambda states=states: client.status("demo")[:2] == states)
    runtimes = [event["runtime"] for event in server.events("version loaded")]
    assert runtimes == ["openvino", "tensorflow", "openvino"]
