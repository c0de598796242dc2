"""Metrics over HTTP, asked as Prometheus and an orchestrator would."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from earshot import __version__
from earshot.observability import MetricsServer, start_metrics
from earshot.settings import ObservabilitySettings, SettingsError

ANY_PORT = ObservabilitySettings(metrics_port=0)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def server(registry: CollectorRegistry) -> Iterator[MetricsServer]:
    server = start_metrics("features", ANY_PORT, registry)
    assert server is not None
    yield server
    server.close()


def test_metrics_are_listed_when_asked(registry: CollectorRegistry, server: MetricsServer) -> None:
    Counter("earshot_patches_total", "Patches.", registry=registry).inc(3)
    text = httpx.get(f"http://127.0.0.1:{server.port}/metrics").text
    assert "earshot_patches_total 3.0" in text
    assert f'service="features",version="{__version__}"' in text


@pytest.mark.parametrize(("alive", "status"), [(True, 200), (False, 503)])
def test_health_follows_the_process_when_asked(alive: bool, status: int) -> None:
    server = start_metrics("features", ANY_PORT, CollectorRegistry(), is_alive=lambda: alive)
    assert server is not None
    assert httpx.get(f"http://127.0.0.1:{server.port}/healthz").status_code == status
    server.close()


def test_answer_says_what_is_here_when_the_path_is_another(server: MetricsServer) -> None:
    answer = httpx.get(f"http://127.0.0.1:{server.port}/")
    assert answer.status_code == 404
    assert answer.text == "here are /metrics and /healthz\n"


def test_nothing_listens_when_no_port_is_set(registry: CollectorRegistry) -> None:
    assert start_metrics("features", ObservabilitySettings(metrics_port=None), registry) is None


def test_port_is_named_when_it_is_taken(server: MetricsServer) -> None:
    settings = ObservabilitySettings(metrics_port=server.port)
    with pytest.raises(SettingsError, match=f"^EARSHOT_METRICS_PORT={server.port}: cannot listen"):
        start_metrics("features", settings, CollectorRegistry())
