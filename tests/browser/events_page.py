"""What tests of the Events page do with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Page, expect

from tests.browser.bench import Bench
from tests.browser.sounds import make_event

ANIMAL: dict[str, Any] = {"category": "animal", "priority": "normal"}


def fill(bench: Bench) -> None:
    """Two devices, four sounds, one of them going on."""
    httpx.put(f"{bench.url}/v1/devices/kitchen", json={"site": "home", "tags": ["indoor"]})
    httpx.put(f"{bench.url}/v1/devices/yard", json={"site": "depot"})
    bench.commit(
        make_event("Smoke alarm", "kitchen", 30),
        make_event("Dog", "kitchen", 300, 4, **ANIMAL, peak_score=0.52),
        make_event("Dog", "yard", 600, 7, **ANIMAL),
        make_event("Siren", "yard", 7200, 12, priority="high"),
    )


def sounds(page: Page) -> list[str]:
    return page.locator(".event-table .label-name").all_inner_texts()


def shows(page: Page, *labels: str) -> None:
    expect(page.locator(".event-table .label-name")).to_have_text(list(labels))


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def choose(page: Page, facet: str, *options: str) -> None:
    """Opens a filter's menu, ticks options and closes it."""
    menu = page.locator(f'details[data-facet="{facet}"]')
    menu.locator("summary").click()
    for option in options:
        item = menu.locator("li").filter(has=page.get_by_text(option, exact=True))
        item.get_by_role("checkbox").check()
    menu.locator("summary").click()
