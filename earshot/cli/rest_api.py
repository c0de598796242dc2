"""The system's REST API, asked as anybody would ask it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import httpx

from earshot.cli.api_errors import ApiAway, ApiRefused

PAGE = 500  # things in one answer at most
ANSWERS_WITHIN_S = 10.0

Parameters: TypeAlias = Mapping[str, Sequence[str]]
"""Query parameters; an empty list leaves one out."""


class RestApi:
    """One system's API.

    Args:
        url: Without a slash at the end.
        token: Sent with every question; empty without one.
    """

    def __init__(self, url: str, token: str = "") -> None:
        self._url = url
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(timeout=ANSWERS_WITHIN_S, headers=headers)

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Collection[int] = (),
        parameters: Parameters | None = None,
    ) -> httpx.Response:
        """Returns the answer to one question.

        Args:
            method: GET, PUT, PATCH or DELETE.
            path: From the root, without query parameters.
            body: Sent as JSON.
            headers: Further ones.
            also: Statuses besides those of success that are answers to the caller.
            parameters: Of the query.

        Raises:
            ApiAway: It does not answer.
            ApiRefused: It does not take the question.
        """
        address = f"{self._url}{path}"
        with self._translated():
            response = self._client.request(
                method, address, json=body, headers=headers, params=parameters
            )
        if response.status_code not in also:
            self._check(response)
        return response

    def walk(
        self, path: str, name: str, parameters: Parameters, limit: int | None = None
    ) -> list[dict[str, Any]]:
        """Returns what is on the pages of a list, in its order.

        Args:
            path: Of the list.
            name: Member of the answer that holds the page.
            parameters: Filters.
            limit: How many things at most; None for all.

        Raises:
            ApiAway: It does not answer.
            ApiRefused: It does not take the question.
        """
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None and (limit is None or len(found) < limit):
            size = PAGE if limit is None else min(PAGE, limit - len(found))
            wanted = {**parameters, "limit": [str(size)], "cursor": [cursor] if cursor else []}
            with self._translated():
                response = self._client.get(f"{self._url}{path}", params=wanted)
            self._check(response)
            try:
                page = response.json()
                found += page[name]
                cursor = page["next"]
            except (ValueError, KeyError, TypeError):
                raise ApiRefused(f"{self._url} is no Earshot API") from None
        return found

    def lines(
        self, path: str, parameters: Parameters, headers: Mapping[str, str], silent_s: float
    ) -> Iterator[str]:
        """Yields the lines of an answer as they come, until it ends.

        Args:
            path: Of what is followed.
            parameters: Filters.
            headers: Further ones.
            silent_s: A connection that sends nothing for this long is dead.

        Raises:
            ApiAway: It does not answer, or the connection broke.
            ApiRefused: It does not take the question.
        """
        timeout = httpx.Timeout(ANSWERS_WITHIN_S, read=silent_s)
        address = f"{self._url}{path}"
        with (
            self._translated(),
            self._client.stream(
                "GET", address, params=parameters, headers=headers, timeout=timeout
            ) as response,
        ):
            if not response.is_success:
                response.read()
            self._check(response)
            yield from response.iter_lines()

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
