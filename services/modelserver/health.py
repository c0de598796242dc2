"""The standard gRPC health service: '' for the server, and each model under its name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from grpc_health.v1.health import HealthServicer
from grpc_health.v1.health_pb2 import HealthCheckResponse

from services.modelserver.repository import Repository

_SERVER = ""


class Health:
    """Says SERVING once every model found is in service, and then as long as any is.

    A model that comes later and fails to load does not take the server out of rotation.

    Attributes:
        servicer: The gRPC service.
        is_serving: What it says about the server.
    """

    def __init__(self) -> None:
        watchers = ThreadPoolExecutor(1, thread_name_prefix="health")
        self.servicer = HealthServicer(
            experimental_non_blocking=True, experimental_thread_pool=watchers
        )
        self.is_serving = False
        self._models: set[str] = set()
        self._set(_SERVER, False)

    def update(self, repository: Repository) -> None:
        """Tells what the repository serves now."""
        available = repository.availability()
        self._models |= available.keys()
        for name in self._models:
            self._set(name, available.get(name, False))
        in_service = any(available.values())
        self.is_serving = in_service and (self.is_serving or all(available.values()))
        self._set(_SERVER, self.is_serving)

    def stop(self) -> None:
        """NOT_SERVING for everything, for good."""
        self.servicer.enter_graceful_shutdown()

    def _set(self, name: str, is_serving: bool) -> None:
        state = HealthCheckResponse.SERVING if is_serving else HealthCheckResponse.NOT_SERVING
        self.servicer.set(name, state)
