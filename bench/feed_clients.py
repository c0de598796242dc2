"""Clients of the live feed, on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from urllib.parse import urlsplit


class FeedClients:
    """So many clients that note when they received which revision.

    Args:
        url: Of the feed.
        num_clients: How many.

    Attributes:
        num_following: How many have been told where their feed begins.
        received: `<event_id>.<revision>` and the moment, monotonic seconds, for every receipt.
    """

    def __init__(self, url: str, num_clients: int) -> None:
        self._url = urlsplit(url)
        self.num_following = 0
        self.received: list[tuple[str, float]] = []
        self._loop = asyncio.new_event_loop()
        self._tasks = [self._loop.create_task(self._follow()) for _ in range(num_clients)]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        """Ends all of them."""
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _follow(self) -> None:
        host, port = str(self._url.hostname), self._url.port
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(f"GET {self._url.path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            while not (await reader.readline()).startswith(b"id: "):
                pass
            self.num_following += 1
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    now_s = time.monotonic()
                    self.received.append((json.loads(line[6:])["id"], now_s))
        finally:
            writer.close()
