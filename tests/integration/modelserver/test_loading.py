"""Warm-up records and cards, as TensorFlow writes the one and training the other."""

from __future__ import annotations

import gc
import hashlib
import json
import shutil

import grpc
import pytest

from earshot.serving.api import ModelState
from earshot.serving.client import ServingClient
from services.modelserver.errors import LoadError
from services.modelserver.loaded_version import LoadedVersion
from services.modelserver.loading import load_version
from tests.integration.modelserver.saved_models import NUM_CLASSES

RECORDS = "assets.extra/tf_serving_warmup_requests"


@pytest.fixture
def write_records(official):
    """`write_records(bundle, [inputs, ...])`: with the official messages and writer."""

    def write(bundle, requests, signature="serving_default"):
        path = bundle / RECORDS
        path.parent.mkdir()
        with official.tf.io.TFRecordWriter(str(path)) as writer:
            for inputs in requests:
                request = official.log.PredictionLog().predict_log.request
                request.model_spec.name = "as it was called when it was logged"
                request.model_spec.signature_name = signature
                for name, array in inputs.items():
                    request.inputs[name].CopyFrom(official.tf.make_tensor_proto(array))
                logged = official.log.PredictionLog(
                    predict_log=official.log.PredictLog(request=request)
                )
                writer.write(logged.SerializeToString())
        return path

    return write


@pytest.fixture
def bundle(bundles, tmp_path):
    """`first`, as a bundle with labels and a card."""
    folder = shutil.copytree(bundles / "first", tmp_path / "bundle")
    rows = [f"{index},/m/{index},Sound {index}" for index in range(NUM_CLASSES)]
    write_labels(folder, rows)
    return folder


def write_labels(folder, rows, **fields):
    labels = folder / "assets" / "labels.csv"
    labels.parent.mkdir(exist_ok=True)
    labels.write_text("\n".join(["index,mid,display_name", *rows, ""]))
    (folder / "card.json").unlink(missing_ok=True)
    files = [
        {
            "path": str(path.relative_to(folder)),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in folder.rglob("*")
        if path.is_file()
    ]
    card = {
        **{"name": "demo", "version": 1, "kind": "frame_level", "num_classes": NUM_CLASSES},
        **{"embedding_space": "audioset-vggish-128", "data": [], "metrics": {}},
        **{"command": "none", "date": "2026-01-01", "files": files, **fields},
    }
    (folder / "card.json").write_text(json.dumps(card))


def test_records_are_replayed_when_tensorflow_wrote_them(
    *, start, tmp_path, bundles, put, write_records, codes
):
    version = put(bundles / "first", tmp_path / "models", "demo", 1)
    write_records(version, [codes(1, 10), codes(16, 3)])
    server = start(tmp_path / "models")
    server.wait_until_serving()
    (event,) = server.events("warmed up")
    assert (event["replayed"], event["skipped"]) == (2, 0)
    assert not server.has_tensorflow


def test_tensorflow_is_loaded_before_the_first_request_when_records_need_it(
    *, start, fallbacks, tmp_path, put, write_records, official
):
    folder = put(fallbacks / "both", tmp_path / "models", "both", 1)
    example = official.tf.train.Example()
    example.features.feature["mean"].float_list.value.extend([0.0] * 4)
    example.features.feature["id"].bytes_list.value.append(b"id")
    write_records(folder, [{"example_bytes": [example.SerializeToString()]}], "examples")
    server = start(tmp_path / "models")
    server.wait_until_serving()
    (event,) = server.events("version loaded")
    assert event["runtime"] == "openvino"
    assert server.has_tensorflow


def test_load_error_says_which_record_when_the_model_refuses_it(
    bundles, tmp_path, write_records, codes
):
    folder = shutil.copytree(bundles / "first", tmp_path / "first")
    path = write_records(folder, [codes(1, 1), {"num_frames": codes(1, 1)["num_frames"]}])
    with pytest.raises(LoadError, match=f"{path}, record 1: input size does not match"):
        load_version(folder, "f32", 1)


def test_weights_are_given_back_when_a_version_of_tensorflow_is_refused(
    official, fallbacks, tmp_path, write_records, codes
):
    def weights() -> int:
        gc.collect()
        return sum(issubclass(type(each), official.tf.Variable) for each in gc.get_objects())

    folder = shutil.copytree(fallbacks / "frames", tmp_path / "frames")
    write_records(folder, [{"num_frames": codes(1, 1)["num_frames"]}])
    before = weights()
    kept = LoadedVersion(folder)
    assert weights() > before
    kept.close()
    with pytest.raises(LoadError) as refused:  # its traceback holds all that was loaded
        load_version(folder, "f32", 1)
    assert refused.tb is not None
    assert weights() == before


def test_bundle_is_served_when_it_is_what_its_card_says(bundle, codes):
    scores = load_version(bundle, "f32", 1).model("serving_default").run(codes(2, 3))["scores"]
    assert scores.shape == (2, NUM_CLASSES)


def test_old_version_stays_and_the_reason_is_told_when_a_bundle_is_not_what_its_card_says(
    *, start, official, tmp_path, bundle, bundles, put, until, codes
):
    models_dir = tmp_path / "models"
    put(bundles / "first", models_dir, "demo", 1)
    server = start(models_dir)
    server.wait_until_serving()
    write_labels(bundle, ["0,/m/a,Dog", "1,/m/b,Cat"], version=2)
    put(bundle, models_dir, "demo", 2)
    reason = f"{models_dir}/demo/2/assets/labels.csv: 2 classes; the card says {NUM_CLASSES}"
    with ServingClient(server.target) as client:
        states = [(2, ModelState.END), (1, ModelState.AVAILABLE)]
        until(lambda: client.status("demo") == states)
        assert client.predict("demo", codes(1, 1))[1] == 1
    (event,) = server.events("version not served")
    assert event["reason"] == reason
    request = official.status.GetModelStatusRequest()
    request.model_spec.name = "demo"
    with grpc.insecure_channel(server.target) as channel:
        reply = official.model_stub(channel).GetModelStatus(request, timeout=30)
    assert reply.model_version_status[0].status.error_message == reason


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda folder: (folder / "saved_model.pb").write_bytes(b""), "0 bytes; the card says"),
        (lambda folder: (folder / "fingerprint.pb").unlink(), "but the card lists it"),
        (lambda folder: (folder / "card.json").write_text("{"), "not JSON"),
    ],
    ids=["changed", "missing", "bad JSON"],
)
def test_load_error_when_a_file_is_not_as_its_card_says(bundle, change, sentence):
    change(bundle)
    with pytest.raises(LoadError, match=sentence):
        load_version(bundle, "f32", 1)
