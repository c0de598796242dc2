"""REST: the answers, forms, codes and error bodies of TensorFlow Serving."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest


@pytest.fixture
def http(server):
    with httpx.Client(base_url=server.rest, timeout=30) as client:
        yield client


def as_lists(inputs):
    return {name: array.tolist() for name, array in inputs.items()}


def as_rows(inputs):
    lists = as_lists(inputs)
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def test_columns_equal_tensorflows_when_asked_in_columns(http, codes, expected):
    inputs = codes(3, 10)
    reply = http.post("/demo:predict", json={"inputs": as_lists(inputs)})
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
    outputs = reply.json()["outputs"]
    for name, reference in expected("second", inputs).items():
        np.testing.assert_allclose(outputs[name], reference, rtol=0, atol=1e-5)


def test_rows_equal_tensorflows_when_asked_in_rows(http, codes, expected):
    inputs = codes(3, 10)
    body = {"signature_name": "serving_default", "instances": as_rows(inputs)}
    predictions = http.post("/demo/versions/2:predict", json=body).json()["predictions"]
    for name, reference in expected("second", inputs).items():
        given = [row[name] for row in predictions]
        np.testing.assert_allclose(given, reference, rtol=0, atol=1e-5)


def test_single_input_needs_no_name_when_it_is_any_savedmodel(http):
    reply = http.post("/plain:predict", json={"instances": [[1, 2, 3], [4, 5, 6]]})
    assert reply.json() == {
        "predictions": [{"half": [0.5, 1, 1.5], "sum": 6}, {"half": [2, 2.5, 3], "sum": 15}]
    }


def test_numbers_are_the_same_over_rest_and_grpc(http, client, codes):
    inputs = codes(2, 5)
    over_grpc, _ = client.predict("demo", inputs)
    over_rest = http.post("/demo:predict", json={"inputs": as_lists(inputs)}).json()["outputs"]
    for name, array in over_grpc.items():
        np.testing.assert_allclose(np.float32(over_rest[name]), array, rtol=0, atol=1e-6)


def test_state_is_told_when_asked(http):
    status = {"error_code": "OK", "error_message": ""}
    states = [{"version": "2", "state": "AVAILABLE", "status": status}]
    for path in ("/demo", "/demo/versions/2"):
        reply = http.get(path)
        assert (reply.status_code, reply.json()) == (200, {"model_version_status": states})


def test_signature_is_told_when_asked_for_metadata(http):
    metadata = http.get("/demo/metadata").json()
    assert metadata["model_spec"] == {"name": "demo", "signature_name": "", "version": "2"}
    signature = metadata["metadata"]["signature_def"]["signature_def"]["serving_default"]
    assert signature["inputs"]["embeddings"]["dtype"] == "DT_UINT8"
    assert signature["inputs"]["embeddings"]["tensor_shape"] == {
        "dim": [{"size": size, "name": ""} for size in ("-1", "-1", "128")],
        "unknown_rank": False,
    }
    assert set(signature["outputs"]) == {"scores", "patch_scores"}


@pytest.mark.parametrize(
    ("path", "code", "sentence"),
    [
        ("/nope", 404, "Could not find any versions of model nope"),
        ("/demo/versions/7", 404, "Could not find version 7 of model demo"),
        ("/nope/metadata", 404, "Servable not found for request: Latest(nope)"),
        ("/demo/labels/stable", 400, "Unrecognized servable version label: stable"),
        ("/demo:predict", 400, "Malformed request: GET /v1/models/demo:predict"),
    ],
)
def test_error_is_tensorflow_servings_when_getting(http, path, code, sentence):
    reply = http.get(path)
    assert (reply.status_code, reply.json()) == (code, {"error": sentence})


@pytest.mark.parametrize(
    ("path", "body", "code", "sentence"),
    [
        (
            "/nope:predict",
            {"inputs": 1},
            404,
            "Servable not found for request: Latest(nope)",
        ),
        (
            "/demo/versions/1:predict",
            {"inputs": 1},
            404,
            "Servable not found for request: Specific(demo, 1)",
        ),
        (
            "/plain:predict",
            {"inputs": [[1]], "signature_name": "other"},
            400,
            'Serving signature key "other" not found.',
        ),
        (
            "/plain:predict",
            {"inputs": [[1]], "signature_name": "\ud800"},
            400,
            "JSON Value: 'signature_name' key must be a string value",
        ),
        ("/plain:predict", {}, 400, "Missing 'inputs' or 'instances' key"),
        (
            "/plain:predict",
            {"inputs": [1]},
            400,
            'input tensor "x": expected float32 [?, ?], given float32 [1]',
        ),
    ],
)
def test_error_is_tensorflow_servings_when_predicting(http, path, body, code, sentence):
    reply = http.post(path, content=json.dumps(body))
    assert (reply.status_code, reply.json()) == (code, {"error": sentence})


def test_requests_are_batched_when_many_come_at_once(server, http, codes):
    bodies = [json.dumps({"inputs": as_lists(codes(1, frames))}) for frames in range(1, 25)]
    alone = [http.post("/demo:predict", content=body).json()["outputs"] for body in bodies]
    with ThreadPoolExecutor(8) as pool:
        together = list(
            pool.map(
                lambda body: http.post("/demo:predict", content=body).json()["outputs"], bodies
            )
        )
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(other["scores"], one["scores"], rtol=0, atol=1e-6)
