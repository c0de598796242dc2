from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from services.modelserver.errors import Retired, SignatureNotFound, SignatureUnavailable
from services.modelserver.servable import Servable


@pytest.fixture
def servable(model):
    running = Servable("demo", 3, Path("demo/3"), model, max_batch_rows=8)
    yield running
    running.close()


def test_one_queue_serves_a_signature_however_often_it_is_asked_for(servable, model):
    batcher = servable.batcher("serving_default").result(10)
    assert servable.batcher("serving_default").result(10) is batcher
    assert batcher.model is model


def test_error_passes_when_the_version_has_no_such_signature(servable):
    with pytest.raises(SignatureNotFound):
        servable.batcher("other").result(10)


def test_all_share_one_load_when_a_signature_is_first_asked_for(servable, model):
    loading, loads = Event(), []

    def load(name):
        loads.append(name)
        assert loading.wait(10)
        return model

    model.model = load
    first, second = (servable.batcher("serving_default") for _ in range(2))
    assert not first.done()
    loading.set()
    assert first.result(10) is second.result(10)
    assert loads == ["serving_default"]


def test_a_signature_is_tried_again_when_it_could_not_be_loaded(servable, model):
    def refuse(_):
        raise SignatureUnavailable("TensorFlow is missing")

    whole, model.model = model.model, refuse
    with pytest.raises(SignatureUnavailable):
        servable.batcher("serving_default").result(10)
    model.model = whole
    assert servable.batcher("serving_default").result(10).model is model


def test_memory_is_given_back_after_the_last_answer_when_closed(servable, model, make_request):
    model.gate.clear()
    batcher = servable.batcher("serving_default").result(10)
    waiting = batcher.submit(make_request(1, 2, 3))
    end_queue, was_closed = batcher.close, []

    def open_and_end():  # the gate is shut until the queue is told to end
        was_closed.append(model.is_closed)
        model.gate.set()
        end_queue()

    batcher.close = open_and_end
    servable.close()
    assert was_closed[0] is False
    assert waiting.result(0)["scores"].shape == (1, 4)
    assert model.is_closed


def test_memory_is_given_back_after_the_load_under_way_when_closed(servable, model, make_request):
    loading, was_loaded = Event(), []

    def load(_):
        assert loading.wait(10)
        return model

    model.model = load
    batcher = servable.batcher("serving_default")
    model.close = lambda: was_loaded.append(batcher.done())
    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(servable.close)
        loading.set()
        closing.result(10)
    assert was_loaded == [True]
    with pytest.raises(Retired):
        batcher.result(0).submit(make_request(1, 1, 1))


def test_nothing_is_loaded_any_more_when_closed(servable, model):
    servable.close()
    model.model = None  # asking it would be a TypeError
    with pytest.raises(Retired):
        servable.batcher("serving_default")
