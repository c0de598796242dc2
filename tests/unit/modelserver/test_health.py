import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from services.modelserver.health import Health

SERVING, NOT_SERVING = HealthCheckResponse.SERVING, HealthCheckResponse.NOT_SERVING


class Folder:
    """Stands for the repository: says what is available."""

    def __init__(self, **available: bool) -> None:
        self.availability = lambda: available


@pytest.fixture
def health():
    running = Health()
    yield running
    running.stop()


def says(health: Health, name: str) -> int:
    return health.servicer.Check(HealthCheckRequest(service=name), None).status


def test_server_is_not_serving_when_no_model_is_available(health):
    assert says(health, "") == NOT_SERVING
    health.update(Folder())
    assert says(health, "") == NOT_SERVING


def test_server_is_not_serving_when_one_of_the_first_models_is_missing(health):
    health.update(Folder(demo=True, other=False))
    assert says(health, "") == NOT_SERVING
    assert (says(health, "demo"), says(health, "other")) == (SERVING, NOT_SERVING)
    health.update(Folder(demo=True, other=True))
    assert says(health, "") == says(health, "other") == SERVING


def test_server_stays_serving_when_a_later_model_fails(health):
    health.update(Folder(demo=True))
    health.update(Folder(demo=True, later=False))
    assert says(health, "") == SERVING
    assert says(health, "later") == NOT_SERVING


def test_server_stops_serving_when_the_last_model_leaves(health):
    health.update(Folder(demo=True))
    health.update(Folder())
    assert says(health, "") == says(health, "demo") == NOT_SERVING


def test_nothing_is_serving_when_the_server_stops(health):
    health.update(Folder(demo=True))
    health.stop()
    health.update(Folder(demo=True))
    assert says(health, "") == says(health, "demo") == NOT_SERVING
