"""The pages as the api sends them: open, since they hold no data, and closed to foreign code."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from services.api.guard import Access
from tests.integration.api.live_feed import serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
GUARDED = Access(asks_for_tokens=True, rate_per_s=3.0)  # a page is more files than that


@pytest.fixture
def ask(engine: Engine) -> Iterator[httpx.Client]:
    with (
        serving(engine, None, access=GUARDED) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        yield client


@pytest.mark.parametrize(
    "path",
    ["/live", "/events", "/events/5f0c", "/heat-map", "/devices", "/devices/a%2Fb", "/devicehive"],
)
def test_every_page_is_the_one_document(ask: httpx.Client, path: str) -> None:
    answer = ask.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<main id="main"' in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_root_is_the_pages_for_browsers_and_the_index_for_all_others(
    ask: httpx.Client,
) -> None:
    assert "<!doctype html>" in ask.get("/", headers=BROWSER).text
    for accept in ("*/*", "application/json", "application/json, text/html;q=0.9"):
        answer = ask.get("/", headers={"Accept": accept})
        assert answer.json()["name"] == "earshot"
        assert answer.headers["vary"] == "Accept"


def test_the_files_are_of_the_right_kind_and_nothing_inside_the_document_runs(
    ask: httpx.Client,
) -> None:
    document = ask.get("/live").text
    assert re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", document) is None
    for name in re.findall(r'(?:href|src)="(/pages/[^"]+)"', document):
        kind = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
        answer = ask.get(name)
        assert answer.status_code == 200, name
        assert answer.headers["content-type"].startswith(kind[name.rpartition(".")[2]])


def test_a_file_that_has_not_changed_is_not_sent_again(ask: httpx.Client) -> None:
    first = ask.get("/pages/app.js")
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = ask.get("/pages/app.js", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert ask.get("/pages/app.js", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_file_of_the_document_is_kept_for_ever_and_one_of_another_version_is_not(
    ask: httpx.Client,
) -> None:
    named = re.findall(r'(?:href|src)="(/pages/[^"]+)"', ask.get("/live").text)
    assert len(named) == len(set(named)) + 1  # app.js: told of first, then run
    (app,) = {name for name in named if name.endswith("/app.js")}
    kept = ask.get(app)
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    other = ask.get("/pages/0123456789abcdef/app.js")
    assert other.headers["cache-control"] == "no-cache"
    assert other.content == kept.content == ask.get("/pages/app.js").content


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "0123456789abcdef/nothing.js",
        "0123456789abcdef/",
        "",
        "views",
        "package.json",
        "..%2F__main__.py",
        "..%2F..%2F..%2Fpyproject.toml",
        "%2Fetc%2Fpasswd",
        "a%00.js",
        "x" * 5000 + ".js",
    ],
)
def test_nothing_else_is_sent(ask: httpx.Client, name: str) -> None:
    answer = ask.get(f"/pages/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_pages_can_only_be_read(ask: httpx.Client) -> None:
    assert ask.post("/live").status_code == 405
    assert ask.delete("/pages/app.js").status_code == 405
