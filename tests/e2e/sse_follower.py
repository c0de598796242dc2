"""A client of the live feed that comes back, with the id of the last message it got."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import httpx

SILENCE_S = 30.0  # longer than any heartbeat
BACK_AFTER_S = 0.05


class SseFollower:
    """Follows `/v1/stream` in a thread from its making on, whatever becomes of the api.

    Args:
        url: Of the feed.
        leaves_after: Messages after which it breaks off by itself, and comes back; 0: never.
    """

    def __init__(self, url: str, leaves_after: int = 0) -> None:
        self._url, self._leaves_after = url, leaves_after
        self._stop = threading.Event()
        self.last_event_id = ""
        self.num_connections = 0
        self.received: list[str] = []  # <event_id>.<revision>, in order
        self.resets: list[str] = []
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends soon: at the next line, which a heartbeat is too."""
        self._stop.set()
        self._thread.join(SILENCE_S)
        assert not self._thread.is_alive()

    def _follow(self) -> None:
        with httpx.Client(timeout=httpx.Timeout(SILENCE_S, connect=2.0)) as client:
            while not self._stop.is_set():
                headers = {"Last-Event-ID": self.last_event_id} if self.last_event_id else {}
                try:
                    with client.stream("GET", self._url, headers=headers) as response:
                        if response.is_success:
                            self.num_connections += 1
                            self._take(response.iter_lines())
                except httpx.HTTPError:
                    pass  # refused, reset, or cut off in the middle of a message
                self._stop.wait(BACK_AFTER_S)

    def _take(self, lines: Iterator[str]) -> None:
        """Takes whole messages only: what is cut off comes again."""
        fields: dict[str, str] = {}
        num_taken = 0
        for line in lines:
            if self._stop.is_set():
                return
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
            elif not line:
                num_taken += self._dispatch(fields)
                fields = {}
                if self._leaves_after and num_taken >= self._leaves_after:
                    return

    def _dispatch(self, fields: dict[str, str]) -> bool:
        """As browsers do: the id counts with the empty line at the message's end."""
        self.last_event_id = fields.get("id", self.last_event_id)
        if fields.get("event") == "reset":
            self.resets.append(fields["data"])
        if fields.get("event") != "sound":
            return False
        self.received.append(json.loads(fields["data"])["id"])
        return True
