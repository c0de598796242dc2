"""An HTTP server that has files, answers ranges, and misbehaves when told to."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Self


class Mirror:
    """Serves the files of a folder.

    Attributes:
        ranges: What each request asked for, in order; None for the whole file.
        marks: The If-Range of each request.
        headers: Of each answer that has the file, e.g. its ETag.
        cuts_after: Bytes of body after which each of the coming answers breaks off.
        refusals: Status codes to answer the coming requests with.
        has_ranges: False to send everything whatever was asked for.
        tells_size: False to leave out how long the file is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ranges: list[str | None] = []
        self.marks: list[str | None] = []
        self.headers: dict[str, str] = {}
        self.cuts_after: list[int] = []
        self.refusals: list[int] = []
        self.has_ranges = True
        self.tells_size = True
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        self.marks.append(request.headers.get("If-Range"))
        is_changed = self.marks[-1] not in (None, *self.headers.values())
        path = self.folder / request.path.strip("/")
        if self.refusals:
            request.send_error(self.refusals.pop(0))
        elif not path.is_file():
            request.send_error(404)
        else:
            self._send(
                request, path.read_bytes(), asked if self.has_ranges and not is_changed else None
            )

    def _send(self, request: BaseHTTPRequestHandler, content: bytes, asked: str | None) -> None:
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        if asked and start >= len(content):
            request.send_response(416)
            if self.tells_size:
                request.send_header("Content-Range", f"bytes */{len(content)}")
            body = b"nothing there"
        else:
            request.send_response(206 if asked else 200)
            if asked:
                whole = len(content)
                request.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
            for name, value in self.headers.items():
                request.send_header(name, value)
            body = content[start:]
        if self.tells_size:
            request.send_header("Content-Length", str(len(body)))
        else:
            request.send_header("Connection", "close")
        request.end_headers()
        num_sent = self.cuts_after.pop(0) if self.cuts_after else len(body)
        request.wfile.write(body[:num_sent])
        request.close_connection |= num_sent < len(body)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
