"""Shows what happened, and goes on with what happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Event
from typing import Any

from earshot.cli.api_errors import ApiAway
from earshot.cli.output import say, write
from earshot.cli.watching.event_api import EventApi
from earshot.cli.watching.revisions import Shown
from earshot.cli.watching.sse import Message
from earshot.streams.pause import Pause


class Watch:
    """Writes a line for each revision, and remembers which.

    Args:
        api: Where to ask.
        line_of: How a revision is written.
        limit: How many past events to show; None for all since then.
        since: RFC 3339; how far to look back; None for the newest.
    """

    def __init__(
        self,
        api: EventApi,
        line_of: Callable[[Mapping[str, Any]], str],
        limit: int | None,
        since: str | None,
    ) -> None:
        self._api, self._line_of = api, line_of
        self._limit, self._since = limit, since
        self._shown = Shown()
        self._newest_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self._last_id = ""
        self._has_begun = self._is_lost = False

    def show_past(self) -> None:
        """Writes what the database holds, the newest at the end.

        Raises:
            ApiAway: The API does not answer.
            ApiRefused: It does not take the question.
        """
        for event in self._api.newest(self._limit, self._since):
            self._show(event)

    def follow(self) -> None:
        """Writes the past, then each revision as it comes, until it is interrupted.

        The feed is opened before the past is asked for, so nothing can happen in between. A
        connection that breaks is opened again, and goes on after the last message.

        Raises:
            ApiAway: The API does not answer, and never has.
            ApiRefused: It does not take the question.
        """
        pause = Pause(Event())
        while True:
            try:
                for message in self._api.follow(self._last_id):
                    self._handle(message)
                    pause.reset()
                reason = "the API has ended the live feed"
            except ApiAway as error:
                if not self._has_begun:
                    raise
                reason = str(error)
            if not self._is_lost:
                self._is_lost = True
                say(f"{reason}; trying again")
            pause.wait()

    def _handle(self, message: Message) -> None:
        if not self._has_begun:
            self.show_past()
            self._has_begun = True
        if self._is_lost:
            self._is_lost = False
            say("the live feed goes on")
        if message.event == "sound":
            self._show(json.loads(message.data)["data"])
        elif message.event == "status":
            say(str(json.loads(message.data)["detail"]))
        elif message.event == "reset":
            self._catch_up(str(json.loads(message.data)["reason"]))
        self._last_id = message.entry_id or self._last_id

    def _catch_up(self, reason: str) -> None:
        say(f"the live feed begins anew ({reason}); events since {self._newest_at} are read again")
        for event in self._api.newest(None, self._newest_at):
            self._show(event)

    def _show(self, event: Mapping[str, Any]) -> None:
        if self._shown.is_news(event):
            write(f"{self._line_of(event)}\n")
            self._newest_at = max(self._newest_at, str(event["offset_at"]))
