"""Counts and times every request, and logs it."""

from __future__ import annotations

import time

import structlog
from prometheus_client import CollectorRegistry, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_MAX_LOGGED_CHARACTERS = 200
_PROBES = ("/healthz", "/readyz", "/metrics")
_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 1.0, 3.0)
_log = structlog.get_logger(__name__)


class RequestMetrics:
    """ASGI middleware: `earshot_api_request_seconds` by method, route and status, and a log line.

    Args:
        app: The app inside.
        registry: Where the metric is registered.
    """

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._seconds = Histogram(
            "earshot_api_request_seconds",
            "Time from a request to the end of its response.",
            ("method", "route", "status"),
            buckets=_BUCKETS_S,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on and observes its response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def observe(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started_s = time.perf_counter()
        try:
            await self._app(scope, receive, observe)
        finally:
            self._record(scope, status, time.perf_counter() - started_s)

    def _record(self, scope: Scope, status: int, duration_s: float) -> None:
        # The route's pattern, not the path, and no method of a client's own: each makes a metric.
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._seconds.labels(method, route, str(status)).observe(duration_s)
        log = _log.debug if route in _PROBES else _log.info
        log(
            "request answered",
            method=scope["method"][:_MAX_LOGGED_CHARACTERS],
            path=scope["path"][:_MAX_LOGGED_CHARACTERS],
            status=status,
            duration_ms=round(duration_s * 1000, 1),
        )
