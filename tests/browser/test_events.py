"""The Events page: filters that stand in the address, keys, strangers' names, files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.bench import Bench
from tests.browser.days import event_at
from tests.browser.events_page import ANIMAL, asked, choose, fill, shows
from tests.browser.sounds import make_event

OpenPage = Callable[..., Page]

SCRIPT = "<img src=x onerror=alert(1)>"


def test_filters_change_the_address_and_the_list_and_survive_reload_and_back(
    bench: Bench, open_page: OpenPage
) -> None:
    fill(bench)
    page = open_page(bench, "/events")
    shows(page, "Smoke alarm", "Dog", "Dog", "Siren")

    choose(page, "label", "Dog", "Siren")
    shows(page, "Dog", "Dog", "Siren")
    choose(page, "device", "yard")
    shows(page, "Dog", "Siren")
    page.get_by_label("When").select_option("last hour")
    shows(page, "Dog")
    assert asked(page) == {"label": ["Dog", "Siren"], "device": ["yard"], "last": ["1h"]}

    page.reload()
    shows(page, "Dog")
    expect(page.locator(".chip")).to_have_text(
        ["Sound: Dog", "Sound: Siren", "Device: yard", "last hour"]
    )
    page.go_back()
    shows(page, "Dog", "Siren")
    page.get_by_role("button", name="Take away Device: yard").click()
    shows(page, "Dog", "Dog", "Siren")
    page.get_by_role("button", name="Clear all").click()
    shows(page, "Smoke alarm", "Dog", "Dog", "Siren")
    assert not asked(page)


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("text=SMO", ["Smoke alarm"]),
        ("site=depot", ["Dog", "Siren"]),
        ("tag=indoor", ["Smoke alarm", "Dog"]),
        ("category=animal&min_score=0.6", ["Dog"]),
        ("priority=high", ["Siren"]),
        ("state=started&state=updated", ["Smoke alarm"]),
    ],
)
def test_an_address_brings_its_filters(
    bench: Bench, open_page: OpenPage, query: str, labels: list[str]
) -> None:
    fill(bench)
    shows(open_page(bench, f"/events?{query}"), *labels)


def test_what_the_api_refuses_is_said_in_its_words(bench: Bench, open_page: OpenPage) -> None:
    page = open_page(bench, "/events?min_score=7", foresees=("422",))
    expect(page.get_by_role("alert")).to_contain_text("min_score")


def test_typing_searches_and_takes_one_step_back(bench: Bench, open_page: OpenPage) -> None:
    fill(bench)
    page = open_page(bench, "/events")
    page.get_by_label("Search sound, device or site").press_sequentially("yard", delay=20)
    shows(page, "Dog", "Siren")
    assert asked(page) == {"text": ["yard"]}
    page.go_back()
    shows(page, "Smoke alarm", "Dog", "Dog", "Siren")


def test_more_are_loaded_until_there_are_no_more(bench: Bench, open_page: OpenPage) -> None:
    bench.commit(*[make_event("Dog", f"yard-{i}", 100 + 10 * i, 2, **ANIMAL) for i in range(70)])
    page = open_page(bench, "/events")
    expect(page.locator(".list-count")).to_have_text("50 events so far")
    page.get_by_role("button", name="Load more").click()
    expect(page.locator(".list-count")).to_have_text("70 events")
    expect(page.get_by_role("button", name="Load more")).to_be_hidden()
    devices = page.locator(".device-name").all_inner_texts()
    assert devices == [f"yard-{i}" for i in range(70)]


def test_a_time_of_the_readers_clock_is_asked_for_in_utc(bench: Bench, open_page: OpenPage) -> None:
    bench.commit(
        event_at("2026-05-01T03:12:07+02:00", "Dog", "yard", **ANIMAL),
        event_at("2026-05-01T05:12:07+02:00", "Siren", "yard"),
    )
    page = open_page(bench, "/events")
    page.get_by_label("When").select_option("between …")
    page.get_by_label("From", exact=True).fill("2026-05-01T03:00")
    page.get_by_label("Before", exact=True).fill("2026-05-01T04:00")
    shows(page, "Dog")
    assert asked(page)["from"] == ["2026-05-01T01:00:00.000Z"]
    page.reload()
    expect(page.get_by_label("Before", exact=True)).to_have_value("2026-05-01T04:00")


def test_all_can_be_done_by_keyboard(bench: Bench, open_page: OpenPage) -> None:
    fill(bench)
    page = open_page(bench, "/events")
    shows(page, "Smoke alarm", "Dog", "Dog", "Siren")
    page.locator('details[data-facet="label"] summary').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Siren")).to_be_visible()  # the menu fills later
    page.keyboard.press("Tab")
    page.keyboard.type("sir")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    shows(page, "Siren")
    page.keyboard.press("Escape")
    expect(page.locator('details[data-facet="label"] summary')).to_be_focused()
    expect(page.locator(".facet-menu").first).to_be_hidden()

    page.locator(".row-link").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Siren")
    assert urlsplit(page.url).path.startswith("/events/")


def test_names_of_strangers_are_text(bench: Bench, open_page: OpenPage) -> None:
    httpx.put(f"{bench.url}/v1/devices/hall", json={"site": f'">{SCRIPT}', "tags": [SCRIPT]})
    bench.commit(
        make_event(SCRIPT, "hall", 60, 2, category=SCRIPT, priority=SCRIPT, site=f'">{SCRIPT}')
    )
    page = open_page(bench, "/events")
    shows(page, SCRIPT)
    for facet in ("site", "tag"):
        choose(page, facet, f'">{SCRIPT}' if facet == "site" else SCRIPT)
    page.locator(".row-link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SCRIPT)
    assert page.locator("main img, main script").count() == 0


def test_empty_lists_say_what_to_do(bench: Bench, open_page: OpenPage) -> None:
    page = open_page(bench, "/events")
    expect(page.get_by_text("No events yet")).to_be_visible()
    fill(bench)
    shows(page, "Smoke alarm", "Dog", "Dog", "Siren")
    page = open_page(bench, "/events?label=Rain")
    expect(page.get_by_text("No event is like that")).to_be_visible()
    page.get_by_role("button", name="Clear all filters").click()
    shows(page, "Smoke alarm", "Dog", "Dog", "Siren")


def test_files_have_what_the_list_asks_for(
    bench: Bench, open_page: OpenPage, tmp_path: Path
) -> None:
    fill(bench)
    page = open_page(bench, "/events?label=Dog")
    shows(page, "Dog", "Dog")
    for name in ("CSV", "NDJSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        download.value.save_as(tmp_path / name)
    rows = list(csv.DictReader((tmp_path / "CSV").read_text().splitlines()))
    lines = [json.loads(line) for line in (tmp_path / "NDJSON").read_text().splitlines()]
    assert [row["device_id"] for row in rows] == ["kitchen", "yard"]
    assert [line["device_id"] for line in lines] == ["kitchen", "yard"]
