"""The system's REST API and its live feed, asked as anybody would ask them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from earshot.cli.watching.errors import ApiAway, ApiRefused
from earshot.cli.watching.sse import Message, messages

PAGE = 500  # events in one answer at most
ANSWERS_WITHIN_S = 10.0
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
    """

    def __init__(self, url: str, wanted: Wanted) -> None:
        self._url, self._wanted = url, wanted
        self._client = httpx.Client(timeout=ANSWERS_WITHIN_S)

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
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None and (limit is None or len(found) < limit):
            size = PAGE if limit is None else min(PAGE, limit - len(found))
            page = self._page({**parameters, "limit": [str(size)]}, cursor)
            found += page["events"]
            cursor = page["next"]
        return found[::-1]

    def follow(self, last_id: str) -> Iterator[Message]:
        """Yields what the live feed sends until it ends, from after a message on.

        Raises:
            ApiAway: It does not answer, or the connection broke.
            ApiRefused: It does not take the question.
        """
        headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last_id} if last_id else {})}
        timeout = httpx.Timeout(ANSWERS_WITHIN_S, read=SILENT_S)
        address = f"{self._url}/v1/stream"
        with (
            self._translated(),
            self._client.stream(
                "GET", address, params=self._wanted.parameters, headers=headers, timeout=timeout
            ) as response,
        ):
            if not response.is_success:
                response.read()
            self._check(response)
            yield from messages(response.iter_lines())

    def _page(self, parameters: dict[str, list[str]], cursor: str) -> dict[str, Any]:
        wanted = {**parameters, "cursor": [cursor] if cursor else []}
        with self._translated():
            response = self._client.get(f"{self._url}/v1/events", params=wanted)
        self._check(response)
        try:
            page: dict[str, Any] = response.json()
            return {"events": page["events"], "next": page["next"]}
        except (ValueError, KeyError, TypeError):
            raise ApiRefused(f"{self._url} is no Earshot API") from None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise ApiAway(f"the API at {self._url} does not answer ({reason})") from None

    def _check(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        try:
            reason = str(response.json()["detail"])
        except (ValueError, KeyError, TypeError):
            reason = response.reason_phrase
        text = f"the API at {self._url} answers {response.status_code}: {reason}"
        raise ApiRefused(text) if response.is_client_error else ApiAway(text)
