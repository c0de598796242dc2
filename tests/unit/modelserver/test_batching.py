from concurrent.futures import CancelledError

import numpy as np
import pytest

from services.modelserver.batching import MAX_QUEUED_REQUESTS, Batcher
from services.modelserver.errors import InferenceFailed, QueueFull, Retired


@pytest.fixture
def batcher(model):
    running = Batcher("demo", model, max_batch_rows=8)
    yield running
    model.gate.set()
    running.close()


@pytest.fixture
def busy(model, batcher, make_request):
    """The batcher while it computes a first request; open `model.gate` to let it go on."""
    model.gate.clear()
    first = batcher.submit(make_request(1, 1, 1))
    assert model.started.wait(10)
    yield batcher
    model.gate.set()
    assert first.result(10)["scores"].shape == (1, 4)


def test_lone_request_is_computed_at_once_when_nothing_else_comes(batcher, model, make_request):
    outputs = batcher.submit(make_request(2, 3, 5)).result(10)
    assert outputs["scores"].tolist() == [[15.0] * 4] * 2
    assert outputs["patch_scores"].shape == (2, 3, 4)
    assert model.batches == [[2, 3]]


def test_requests_are_computed_together_when_they_queued_meanwhile(busy, model, make_request):
    waiting = [busy.submit(make_request(1, t, t)) for t in (2, 5, 3)]
    model.gate.set()
    for num_frames, future in zip((2, 5, 3), waiting, strict=True):
        outputs = future.result(10)
        assert outputs["patch_scores"].shape == (1, num_frames, 4)
        assert outputs["scores"].tolist() == [[num_frames * num_frames] * 4]
    assert model.batches == [[1, 1], [3, 5]]


def test_batch_is_closed_when_the_next_request_would_exceed_its_rows(busy, model, make_request):
    waiting = [busy.submit(make_request(n, 1, 1)) for n in (5, 3, 1, 20, 2)]
    model.gate.set()
    assert [len(future.result(10)["scores"]) for future in waiting] == [5, 3, 1, 20, 2]
    assert [rows for rows, _ in model.batches] == [1, 8, 1, 20, 2]


def test_only_the_bad_request_fails_when_it_shares_a_batch(busy, model, make_request):
    before, bad, after = (busy.submit(make_request(1, 2, value)) for value in (1, 255, 3))
    model.gate.set()
    assert before.result(10)["scores"].tolist() == [[2.0] * 4]
    assert after.result(10)["scores"].tolist() == [[6.0] * 4]
    with pytest.raises(InferenceFailed, match="poison"):
        bad.result(10)


def test_request_is_not_computed_when_it_was_cancelled(busy, model, make_request):
    gone, wanted = (busy.submit(make_request(1, t, 1)) for t in (9, 2))
    assert gone.cancel()
    model.gate.set()
    assert wanted.result(10)["patch_scores"].shape == (1, 2, 4)
    assert model.batches == [[1, 1], [1, 2]]
    with pytest.raises(CancelledError):
        gone.result(10)


def test_request_is_refused_when_the_queue_is_full(busy, model, make_request):
    waiting = [busy.submit(make_request(1, 1, 1)) for _ in range(MAX_QUEUED_REQUESTS)]
    with pytest.raises(QueueFull, match="queue to which this task was submitted is full"):
        busy.submit(make_request(1, 1, 1))
    model.gate.set()
    assert all(len(future.result(10)["scores"]) == 1 for future in waiting)


def test_waiting_requests_are_answered_when_the_version_retires(model, make_request):
    batcher = Batcher("demo", model, max_batch_rows=1)
    waiting = [batcher.submit(make_request(1, 1, 1)) for _ in range(5)]
    batcher.close()
    assert all(future.done() and len(future.result()["scores"]) == 1 for future in waiting)
    with pytest.raises(Retired):
        batcher.submit(make_request(1, 1, 1))


def test_any_error_reaches_the_caller_when_the_model_has_a_defect(batcher, model, make_request):
    model.run = lambda inputs: {"scores": np.zeros(())}[inputs["no such"]]
    with pytest.raises(KeyError):
        batcher.submit(make_request(1, 1, 1)).result(10)
