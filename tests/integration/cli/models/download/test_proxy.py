"""The client asks the proxy that the environment names."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from earshot.cli.models.download import open_client


@pytest.fixture
def proxy() -> Iterator[HTTPServer]:
    """Refuses everything, and keeps the first lines of the requests in `asked`."""

    class Handler(BaseHTTPRequestHandler):
        def refuse(self) -> None:
            self.server.asked.append(self.requestline)  # type: ignore[attr-defined]
            self.send_error(403)

        do_CONNECT = do_GET = refuse  # noqa: N815  # the names http.server calls

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("variable", "url", "request_line"),
    [
        ("HTTPS_PROXY", "https://example.invalid/a", "CONNECT example.invalid:443 HTTP/1.1"),
        ("HTTP_PROXY", "http://example.invalid/a", "GET http://example.invalid/a HTTP/1.1"),
    ],
)
def test_the_client_asks_the_proxy(
    proxy: HTTPServer, monkeypatch: pytest.MonkeyPatch, variable: str, url: str, request_line: str
) -> None:
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", variable.lower()):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.server_port}")
    with open_client() as client, suppress(httpx.ProxyError):
        client.get(url)
    assert proxy.asked == [request_line]  # type: ignore[attr-defined]
