"""Events and the live feed, asked of the system's API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from earshot.cli.rest_api import RestApi
from earshot.cli.watching.sse import Message, messages

SILENT_S = 45.0  # a live feed that sends nothing for this long is dead: three heartbeats


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for; empty fields ask for nothing."""

    device_ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, list[str]]:
        """Query parameters, the same for the list and the live feed."""
        return {"device": list(self.device_ids), "label": list(self.labels)}


class EventApi:
    """Events of one system, as the API shows them.

    Args:
        url: Of the API, without a slash at the end.
        wanted: Which events.
        token: Sent with every question; empty without one.
    """

    def __init__(self, url: str, wanted: Wanted, token: str = "") -> None:
        self._api, self._wanted = RestApi(url, token), wanted

    def newest(self, limit: int | None, since: str | None = None) -> list[dict[str, Any]]:
        """Returns events in their newest revisions, the newest last.

        Args:
            limit: How many at most; None for all.
            since: RFC 3339; those that lasted beyond this moment, or still last.

        Raises:
            ApiAway: It does not answer.
            ApiRefused: It does not take the question.
        """
        parameters = {**self._wanted.parameters, "from": [since] if since else []}
        return self._api.walk("/v1/events", "events", parameters, limit)[::-1]

    def follow(self, last_id: str) -> Iterator[Message]:
        """Yields what the live feed sends until it ends, from after a message on.

        Raises:
            ApiAway: It does not answer, or the connection broke.
            ApiRefused: It does not take the question.
        """
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last_id} if last_id else {})}
        lines = self._api.lines("/v1/stream", self._wanted.parameters, headers, SILENT_S)
        yield from messages(lines)
