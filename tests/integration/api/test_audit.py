"""The log of changes, as the api shows it."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import Engine

from earshot.store.audit import record
from earshot.store.engine import writing


@pytest.fixture
def changes(engine: Engine) -> list[str]:
    """Subjects of five changes, the newest first."""
    with writing(engine) as connection:
        for subject in "abcde":
            record(connection, "k3v9x2ab", "device.update", subject, {"site": subject})
    return [*"edcba"]


def test_changes_are_shown_newest_first(client: httpx.Client, changes: list[str]) -> None:
    page = client.get("/v1/audit").json()
    assert page["next"] is None
    assert [each["subject"] for each in page["changes"]] == changes
    newest = page["changes"][0]
    assert newest.pop("at").endswith("Z")
    assert newest == {
        "who": "k3v9x2ab",
        "action": "device.update",
        "subject": "e",
        "detail": {"site": "e"},
    }


def test_every_change_is_seen_once_when_links_are_followed(
    client: httpx.Client, changes: list[str]
) -> None:
    seen, answer = [], client.get("/v1/audit?limit=2")
    while True:
        seen += [each["subject"] for each in answer.json()["changes"]]
        if "next" not in answer.links:
            break
        answer = client.get(answer.links["next"]["url"])
    assert seen == changes


@pytest.mark.parametrize("cursor", ["x", "", "-1", "1.5", "9" * 19, "²", "%00", "' OR 1=1"])
def test_a_cursor_is_refused_when_it_is_not_ours(client: httpx.Client, cursor: str) -> None:
    answer = client.get(f"/v1/audit?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("query parameter cursor: ")
