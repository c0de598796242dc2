"""The response that a live feed is: it ends when its client, its feed or the process does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import anyio
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

FAREWELL_S = 0.5  # for the end mark to a client that may not read; less than the server's grace
HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx and its kin would keep events back until a page is full
}


class EventStreamResponse(Response):
    """Sends chunks until one of three comes: the client left, `ended`, or no more chunks.

    Starlette's own streaming response cannot leave a client that does not read: it waits for ever
    to send the next chunk.

    Args:
        chunks: What to send; closed at the end.
        ended: Waits until the feed is over.
        on_end: Called once, whatever happened.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        chunks: AsyncGenerator[bytes],
        ended: Callable[[], Awaitable[Any]],
        on_end: Callable[[], None],
    ) -> None:
        self.status_code = 200
        self.background = None
        self._chunks, self._ended, self._on_end = chunks, ended, on_end
        self.init_headers(HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        try:
            async with aclosing(self._chunks):
                await self._stream(receive, send)
        finally:
            self._on_end()

    async def _stream(self, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with anyio.create_task_group() as tasks:

            async def end_with(wait: Callable[[], Awaitable[Any]]) -> None:
                await wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(end_with, lambda: _left(receive))
            tasks.start_soon(end_with, self._ended)
            async for chunk in self._chunks:
                await send(_body(chunk, more=True))
            tasks.cancel_scope.cancel()
        with anyio.move_on_after(FAREWELL_S):
            await send(_body(b"", more=False))


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _body(chunk: bytes, more: bool) -> Message:
    return {"type": "http.response.body", "body": chunk, "more_body": more}
