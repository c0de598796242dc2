"""The system's REST API, asked as anybody would ask it."""

from __future__ import annotations

import time
from typing import Any

import httpx

from earshot.cli.demonstration.errors import DemonstrationFailed
from earshot.cli.demonstration.heard import Heard

ANSWERS_WITHIN_S = 20.0
PATH = "/v1/events"
MOST = 500  # events in one answer: the demonstration has fewer


def fetch_events(api_url: str) -> list[Heard]:
    """Returns all events, the first one first; waits for an api that is just starting.

    Raises:
        DemonstrationFailed: It does not answer.
    """
    deadline_s = time.monotonic() + ANSWERS_WITHIN_S
    while True:
        try:
            response = httpx.get(f"{api_url}{PATH}", params={"limit": MOST}, timeout=5)
            if response.is_success:
                return [_heard(event) for event in reversed(response.json()["events"])]
            reason = f"{response.status_code}: {response.text[:300]}"
            is_final = response.is_client_error
        except httpx.HTTPError as error:
            reason, is_final = str(error), False
        if is_final or time.monotonic() > deadline_s:
            raise DemonstrationFailed(f"{api_url}{PATH} does not answer ({reason})")
        time.sleep(0.1)


def _heard(event: dict[str, Any]) -> Heard:
    names = ("event_id", "device_id", "label", "state", "onset_s", "offset_s", "peak_score")
    return Heard(**{name: event[name] for name in names})
