"""The REST server: TensorFlow Serving's paths over HTTP/1.1, with the standard library alone.

One thread per connection. For people and scripts: services ask over gRPC, which costs no JSON.
"""

from __future__ import annotations

import json
import re
import socket
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore, Condition, Thread
from typing import Any

import structlog

from services.modelserver.repository import Repository
from services.modelserver.rest_calls import answer

# A batch of 64 windows of 5 minutes of codes is 10 MB of JSON; parsed, it is ten times as much.
MAX_BODY_BYTES = 16 * 1024 * 1024

_MAX_CONNECTIONS = 128
_IDLE_S = 30.0  # a connection that sends nothing for so long is closed
_POLL_S = 0.1  # how soon the listening thread sees that it should stop

log = structlog.get_logger(__name__)


class RestServer:
    """Listens for HTTP requests and answers them from a repository.

    Args:
        repository: The models in service.
        host: Address to listen on.
        port: Port; 0 takes a free one.

    Attributes:
        port: The port it listens on.

    Raises:
        OSError: The address cannot be listened on.
    """

    def __init__(self, repository: Repository, host: str, port: int) -> None:
        self._listener = _Listener(repository, host, port)
        self.port: int = self._listener.server_address[1]
        self._thread = Thread(
            target=self._listener.serve_forever, args=[_POLL_S], name="rest", daemon=True
        )

    def start(self) -> None:
        """Takes requests from now on."""
        self._thread.start()

    def stop(self, grace_s: float) -> None:
        """Refuses new requests, and waits up to `grace_s` for those under way."""
        if self._thread.ident is not None:
            self._listener.shutdown()
        self._listener.server_close()
        self._listener.drain(grace_s)


class _Listener(ThreadingMixIn, TCPServer):
    """Accepts connections, a bounded number of them, and knows how many requests are under way."""

    allow_reuse_address = True  # over connections that linger; never beside another listener
    daemon_threads = True
    request_queue_size = _MAX_CONNECTIONS

    def __init__(self, repository: Repository, host: str, port: int) -> None:
        if ":" in host:
            self.address_family = socket.AF_INET6
        self.repository = repository
        self._free = BoundedSemaphore(_MAX_CONNECTIONS)
        self._changed = Condition()
        self._under_way = 0
        self._is_stopping = False
        super().__init__((host, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            log.warning("connection refused", reason=f"{_MAX_CONNECTIONS} are open")
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The caller hung up: no defect."""
        log.info("connection broken", exc_info=True)

    def begin(self) -> bool:
        """Counts a request in; False when none is taken any more."""
        with self._changed:
            self._under_way += not self._is_stopping
            return not self._is_stopping

    def end(self) -> None:
        """Counts an answered request out."""
        with self._changed:
            self._under_way -= 1
            self._changed.notify()

    def drain(self, grace_s: float) -> None:
        """Lets no request begin, and waits for those that have."""
        with self._changed:
            self._is_stopping = True
            self._changed.wait_for(lambda: not self._under_way, grace_s)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: _Listener
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "earshot", ""
    timeout = _IDLE_S
    wbufsize = -1  # headers and body leave together
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not re.fullmatch("[0-9]{1,18}", length):
            self.send_error(HTTPStatus.LENGTH_REQUIRED, "Content-Length is missing or no number")
        elif int(length) > MAX_BODY_BYTES:
            sentence = f"the body has {length} bytes, at most {MAX_BODY_BYTES} are read"
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):  # else the caller has hung up
                self._answer(body)

    def _answer(self, body: bytes) -> None:
        if not self.server.begin():
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE, "the server stops")
            return
        try:
            self._send(*self._compute(body))
            self.wfile.flush()
        finally:
            self.server.end()

    def _compute(self, body: bytes) -> tuple[HTTPStatus, dict[str, Any]]:
        try:
            return answer(self.server.repository, self.command, self.path, body)
        except Exception:  # a defect of ours: the caller is answered all the same
            log.exception("request failed", path=self.path)
            code = HTTPStatus.INTERNAL_SERVER_ERROR
            return code, {"error": code.phrase}

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuses what cannot be read further, in JSON like every other answer."""
        self.close_connection = True
        self._send(HTTPStatus(code), {"error": message or HTTPStatus(code).phrase})

    def _send(self, code: HTTPStatus, document: dict[str, Any]) -> None:
        content = json.dumps(document).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are counted, not logged."""
