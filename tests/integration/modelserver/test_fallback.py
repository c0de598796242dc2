"""Models for TensorFlow, asked over gRPC and REST: strings in and out, other signatures."""

from __future__ import annotations

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import grpc
import httpx
import numpy as np
import pytest

MEANS = np.random.default_rng(4).normal(size=(4, 4)).astype(np.float32)


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory, bundles, fallbacks, put):
    folder = tmp_path_factory.mktemp("models")
    put(bundles / "first", folder, "demo", 1)
    for name in ("examples", "both"):
        put(fallbacks / name, folder, name, 1)
    return folder


@pytest.fixture(scope="module")
def running(models_dir, tmp_path_factory, model_server):
    server = model_server(models_dir, tmp_path_factory.mktemp("fallback"), metrics_port=0)
    try:
        server.wait_until_serving()
        yield server
        assert server.stop() == 0
    finally:
        server.kill()


@pytest.fixture(scope="module")
def serialised(official):
    """Four serialised examples; the third has an id that is no text."""
    rows = []
    for mean, name in zip(MEANS, (b"a", b"b", b"\xff", b"d"), strict=True):
        example = official.tf.train.Example()
        example.features.feature["mean"].float_list.value.extend(mean.tolist())
        example.features.feature["id"].bytes_list.value.append(name)
        rows.append(example.SerializeToString())
    return rows


@pytest.fixture(scope="module")
def scores(official, fallbacks):
    loaded = official.tf.saved_model.load(str(fallbacks / "both"))
    dense = loaded.signatures["serving_default"]
    return dense(mean=official.tf.constant(MEANS))["scores"].numpy()


@pytest.fixture
def predict(official, running, serialised):
    """Asks with the official stub; `predict(rows, model, signature)`."""
    with grpc.insecure_channel(running.target) as channel:
        stub = official.prediction_stub(channel)

        def ask(rows=serialised, model="examples", signature=""):
            request = official.predict.PredictRequest()
            request.model_spec.name = model
            request.model_spec.signature_name = signature
            tensor = official.tf.make_tensor_proto(np.array(rows, object), official.tf.string)
            request.inputs["example_bytes"].CopyFrom(tensor)
            return stub.Predict(request, timeout=60)

        yield ask


@pytest.fixture
def http(running):
    with httpx.Client(base_url=running.rest, timeout=60) as client:
        yield client


def test_examples_are_scored_when_the_official_client_sends_strings(official, predict, scores):
    reply = predict()
    outputs = {name: official.tf.make_ndarray(each) for name, each in reply.outputs.items()}
    np.testing.assert_allclose(outputs["scores"], scores, rtol=0, atol=1e-5)
    assert outputs["video_id"].tolist() == [b"a", b"b", b"\xff", b"d"]


def test_other_signature_answers_when_it_is_named(official, predict, scores):
    reply = predict(model="both", signature="examples")
    assert reply.model_spec.signature_name == "examples"
    given = official.tf.make_ndarray(reply.outputs["scores"])
    np.testing.assert_allclose(given, scores, rtol=0, atol=1e-5)


@pytest.fixture
def batches(running):
    """`batches()`: how many were computed of `examples` so far, and their rows in all."""
    port = running.events("metrics served")[0]["port"]

    def read() -> tuple[int, int]:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text
        pattern = r'earshot_modelserver_batch_rows_{}{{model="examples"}} (\S+)'
        count, rows = (re.search(pattern.format(name), text) for name in ("count", "sum"))
        return (int(float(count[1])), int(float(rows[1]))) if count and rows else (0, 0)

    return read


def test_examples_are_scored_together_when_many_come_at_once(
    *, official, predict, serialised, scores, batches, until
):
    num_before, rows_before = batches()

    def is_joined() -> bool:
        with ThreadPoolExecutor(16) as pool:
            replies = list(pool.map(lambda place: predict([serialised[place % 4]]), range(64)))
        for place, reply in enumerate(replies):
            given = official.tf.make_ndarray(reply.outputs["scores"])
            np.testing.assert_allclose(given, scores[place % 4][None], rtol=0, atol=1e-5)
        num, rows = batches()
        return num - num_before < rows - rows_before

    until(is_joined)


def test_only_the_broken_example_is_refused_when_it_shares_a_batch(
    *, predict, serialised, batches, until
):
    def ask(place: int) -> str:
        try:
            return predict([serialised[0] if place % 4 else b"broken"]).model_spec.name
        except grpc.RpcError as error:
            return f"{error.code().name}: {error.details()}"

    def is_shared() -> bool:
        rows_before = batches()[1]
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(ask, range(32)))
        for place, answer in enumerate(answers):
            if place % 4:
                assert answer == "examples"
            else:
                assert answer.startswith("INVALID_ARGUMENT: Name: <unknown>, Feature:"), answer
        # The rows of a batch that failed are computed a second time, each alone.
        return batches()[1] - rows_before > 32

    until(is_shared)


def test_bytes_pass_as_base64_when_asked_over_rest(http, serialised, scores):
    encoded = [{"b64": base64.b64encode(row).decode()} for row in serialised[:2]]
    bodies = [
        {"instances": encoded},
        {"instances": [{"example_bytes": each} for each in encoded]},
        {"inputs": encoded},
        {"inputs": {"example_bytes": encoded}},
    ]
    replies = [http.post("/examples:predict", json=body).json() for body in bodies]
    for reply in replies[:2]:
        for row, expected in zip(reply["predictions"], scores, strict=False):
            np.testing.assert_allclose(row["scores"], expected, rtol=0, atol=1e-5)
        assert [row["video_id"] for row in reply["predictions"]] == ["a", "b"]
        assert [row["id_bytes"] for row in reply["predictions"]] == [
            {"b64": "YQ=="},
            {"b64": "Yg=="},
        ]
    for reply in replies[2:]:
        assert reply["outputs"]["video_id"] == ["a", "b"]


def test_request_is_refused_over_rest_when_bytes_are_no_text_or_no_base64(http, serialised):
    encoded = base64.b64encode(serialised[2]).decode()
    reply = http.post("/examples:predict", json={"inputs": [{"b64": encoded}]})
    assert reply.status_code == 400
    assert 'output tensor "video_id" holds bytes that are no UTF-8' in reply.json()["error"]
    reply = http.post("/examples:predict", json={"inputs": [{"b64": "not base64!"}]})
    assert (reply.status_code, reply.json()) == (400, {"error": "Unable to base64 decode"})


def test_every_signature_is_told_when_asked_for_metadata(http):
    metadata = http.get("/both/metadata").json()["metadata"]["signature_def"]["signature_def"]
    assert set(metadata) == {"serving_default", "examples"}
    assert metadata["examples"]["inputs"]["example_bytes"]["dtype"] == "DT_STRING"


def test_runtime_and_precision_are_logged_when_loaded(running):
    loaded = {event["model"]: event["runtime"] for event in running.events("version loaded")}
    assert loaded == {"demo": "openvino", "both": "openvino", "examples": "tensorflow"}
