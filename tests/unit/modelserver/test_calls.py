from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from earshot.serving.tensor import decode, encode
from earshot.serving.v1 import predict_pb2 as pb
from services.modelserver.calls import predict
from services.modelserver.errors import CallerGone, StillLoading
from services.modelserver.model_config import ModelConfig
from services.modelserver.repository import Repository


class Caller:
    """Waits `patience_s`; hangs up when told to."""

    def __init__(self, patience_s: float | None = None, is_there: bool = True) -> None:
        self.time_remaining = lambda: patience_s
        self.is_there = is_there
        self.hang_up = None

    def add_callback(self, callback) -> bool:
        self.hang_up = callback
        return self.is_there


@pytest.fixture
def repository(tmp_path, model):
    (tmp_path / "demo" / "3").mkdir(parents=True)
    repository = Repository(tmp_path, lambda name, folder: model, max_batch_rows=8)
    yield repository
    model.gate.set()
    repository.close()


@pytest.fixture
def request_of(make_request):
    def build(num_frames: int) -> pb.PredictRequest:
        inputs = make_request(1, num_frames, 2)
        return pb.PredictRequest(
            model_spec=pb.ModelSpec(name="demo"),
            inputs={name: encode(array) for name, array in inputs.items()},
        )

    return build


def test_reply_has_outputs_and_version_when_the_caller_waits(repository, request_of):
    repository.poll()
    reply = predict(repository, request_of(3), Caller())
    np.testing.assert_array_equal(decode(reply.outputs["scores"]), [[6.0] * 4])
    assert (reply.model_spec.name, reply.model_spec.version.value) == ("demo", 3)


def test_caller_is_told_to_wait_when_nothing_is_loaded_yet(repository, request_of):
    with pytest.raises(StillLoading):
        predict(repository, request_of(1), Caller())


def test_nothing_is_computed_when_the_caller_has_gone(repository, model, request_of):
    repository.poll()
    model.gate.clear()
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(predict, repository, request_of(1), Caller())
        assert model.started.wait(10)
        with pytest.raises(CallerGone):
            predict(repository, request_of(7), Caller(is_there=False))
        with pytest.raises(CallerGone):
            predict(repository, request_of(8), Caller(patience_s=0.0))
        model.gate.set()
        busy.result(10)
    predict(repository, request_of(2), Caller())
    assert model.batches == [[1, 1], [1, 2]]


def test_waiting_ends_when_the_caller_hangs_up(repository, model, request_of):
    repository.poll()
    model.gate.clear()
    with ThreadPoolExecutor(2) as pool:
        busy = pool.submit(predict, repository, request_of(1), Caller())
        assert model.started.wait(10)
        caller = Caller(patience_s=10.0)
        caller.add_callback = lambda callback: callback() or True
        with pytest.raises(CallerGone):
            predict(repository, request_of(7), caller)
        model.gate.set()
        busy.result(10)


def test_waiting_ends_with_the_deadline_when_a_signature_takes_long_to_load(
    repository, model, request_of
):
    repository.poll()
    loading, loads = Event(), []

    def load(name):
        loads.append(name)
        assert loading.wait(10)
        return model

    model.model = load
    for _ in range(3):
        with pytest.raises(CallerGone):
            predict(repository, request_of(1), Caller(patience_s=0.0))
    caller = Caller(patience_s=10.0)
    caller.add_callback = lambda callback: callback() or True  # hangs up
    with pytest.raises(CallerGone):
        predict(repository, request_of(1), caller)
    with ThreadPoolExecutor(1) as pool:
        patient = pool.submit(predict, repository, request_of(3), Caller())
        loading.set()
        assert patient.result(10).model_spec.version.value == 3
    assert loads == ["serving_default"]
    assert model.batches == [[1, 3]]


def test_successor_answers_when_the_version_retires_meanwhile(
    repository, tmp_path, model, request_of
):
    repository.poll()
    old = repository.servable("demo")
    old.close()
    answers = iter([old])
    newest = repository.servable
    (tmp_path / "demo" / "4").mkdir()
    repository.poll()
    repository.servable = lambda *spec: next(answers, None) or newest(*spec)
    assert predict(repository, request_of(1), Caller()).model_spec.version.value == 4


def test_newly_labelled_version_answers_when_the_old_one_retires_meanwhile(
    repository, tmp_path, request_of
):
    (tmp_path / "demo" / "4").mkdir()
    config = ModelConfig("demo", tmp_path / "demo", labels={"stable": 4})
    repository.reload({"demo": config})
    answers = iter([3])  # what the label meant a moment ago
    now = repository.labelled
    repository.labelled = lambda *label: next(answers, None) or now(*label)
    request = request_of(1)
    request.model_spec.version_label = "stable"
    assert predict(repository, request, Caller()).model_spec.version.value == 4
