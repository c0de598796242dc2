from pathlib import Path

import pytest

from services.modelserver.errors import Retired, SignatureNotFound
from services.modelserver.servable import Servable


@pytest.fixture
def servable(model):
    running = Servable("demo", 3, Path("demo/3"), model, max_batch_rows=8)
    yield running
    running.close()


def test_one_queue_serves_a_signature_however_often_it_is_asked_for(servable, model):
    batcher = servable.batcher("serving_default")
    assert servable.batcher("serving_default") is batcher
    assert batcher.model is model


def test_error_passes_when_the_version_has_no_such_signature(servable):
    with pytest.raises(SignatureNotFound):
        servable.batcher("other")


def test_memory_is_given_back_after_the_last_answer_when_closed(servable, model, make_request):
    waiting = servable.batcher("serving_default").submit(make_request(1, 2, 3))
    assert not model.is_closed
    servable.close()
    assert waiting.result(0)["scores"].shape == (1, 4)
    assert model.is_closed


def test_nothing_is_loaded_any_more_when_closed(servable, model):
    servable.close()
    model.model = None  # asking it would be a TypeError
    with pytest.raises(Retired):
        servable.batcher("serving_default")
