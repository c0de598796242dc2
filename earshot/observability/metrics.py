"""Metrics over HTTP: `/metrics` for Prometheus and `/healthz` for whoever watches the process."""

from __future__ import annotations

import platform
import socket
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from threading import Thread

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Info
from prometheus_client.exposition import MetricsHandler

from earshot import __version__
from earshot.settings import ObservabilitySettings, SettingsError


class MetricsServer:
    """Serves `/metrics` and `/healthz` (is the process alive) from a thread of its own.

    Args:
        host: Address to listen on.
        port: Port; 0 takes a free one.
        registry: Whose metrics are shown.
        is_alive: Asked on each `/healthz`, from the server's threads; must not block or raise.
            It must not depend on other processes: an orchestrator restarts what is not alive.

    Attributes:
        port: The port it listens on.

    Raises:
        OSError: The address cannot be listened on.
    """

    def __init__(
        self,
        host: str,
        port: int,
        registry: CollectorRegistry = REGISTRY,
        is_alive: Callable[[], bool] = lambda: True,
    ) -> None:
        attributes = {"registry": registry, "is_alive": staticmethod(is_alive)}
        handler = type("Handler", (_Handler,), attributes)
        self._server = (_ServerIPv6 if ":" in host else ThreadingHTTPServer)((host, port), handler)
        self.port = int(self._server.server_address[1])
        self._thread = Thread(target=self._server.serve_forever, name="metrics", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening; waits for the thread. A process that ends need not call it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def start_metrics(
    service: str,
    settings: ObservabilitySettings,
    registry: CollectorRegistry = REGISTRY,
    is_alive: Callable[[], bool] = lambda: True,
) -> MetricsServer | None:
    """Names the build in the metrics and serves them where the settings say.

    Returns:
        The running server; None when no port is set.

    Raises:
        SettingsError: The address cannot be listened on.
    """
    Info("earshot_build", "What runs here.", registry=registry).info(
        {"service": service, "version": __version__, "python": platform.python_version()}
    )
    if settings.metrics_port is None:
        return None
    host, port = settings.metrics_host, settings.metrics_port
    try:
        server = MetricsServer(host, port, registry, is_alive)
    except OSError as error:
        raise SettingsError(
            f"EARSHOT_METRICS_PORT={port}: cannot listen on {host}: {error.strerror or error}"
        ) from None
    structlog.get_logger(__name__).info("metrics served", host=host, port=server.port)
    return server


class _ServerIPv6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


class _Handler(MetricsHandler):
    """One request: the library's answer on `/metrics`, a line of text elsewhere."""

    is_alive: Callable[[], bool]

    def do_GET(self) -> None:  # noqa: N802  # the name http.server calls
        path = self.path.partition("?")[0]
        if path == "/metrics":
            super().do_GET()
        elif path == "/healthz":
            alive = self.is_alive()
            self._answer(200 if alive else 503, "ok\n" if alive else "stuck\n")
        else:
            self._answer(404, "here are /metrics and /healthz\n")

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
