"""The heat map: counts of the reader's own day, cells that lead to their events, arrow keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.bench import Bench
from tests.browser.days import event_at

OpenPage = Callable[..., Page]

DAY = "2026-05-01"  # the browser's zone is Europe/Berlin: two hours before UTC
ANIMAL = {"category": "animal", "priority": "normal"}


def fill(bench: Bench) -> None:
    bench.commit(
        event_at("2026-05-01T03:12:07+02:00", "Dog", "kitchen", **ANIMAL),
        event_at("2026-05-01T03:40:00+02:00", "Dog", "yard", **ANIMAL),
        event_at("2026-05-01T00:00:00+02:00", "Siren", "yard"),
        event_at("2026-05-01T23:59:59+02:00", "Dog", "kitchen", **ANIMAL),
        event_at("2026-04-30T23:59:59+02:00", "Dog", "kitchen", **ANIMAL),
    )


def cell(page: Page, name: str) -> Locator:
    return page.get_by_role("grid").get_by_label(name, exact=True)


def test_hours_are_the_readers_own(bench: Bench, open_page: OpenPage) -> None:
    fill(bench)
    page = open_page(bench, f"/heat-map?day={DAY}")
    expect(cell(page, "Dog, 03:00 to 04:00: 2 events")).to_have_text("2")
    expect(cell(page, "Siren, 00:00 to 01:00: 1 event")).to_have_text("1")
    expect(cell(page, "Dog, 23:00 to 00:00: 1 event")).to_have_text("1")
    expect(page.locator(".heat-head")).to_contain_text("4 events of 2 sounds")
    expect(page.get_by_role("rowheader")).to_have_text(["Siren", "Dog", "All"])


def test_a_cell_leads_to_its_events(bench: Bench, open_page: OpenPage) -> None:
    fill(bench)
    page = open_page(bench, f"/heat-map?day={DAY}")
    cell(page, "Dog, 03:00 to 04:00: 2 events").click()
    expect(page.locator(".event-table .device-name")).to_have_text(["yard", "kitchen"])
    assert parse_qs(urlsplit(page.url).query) == {
        "label": ["Dog"],
        "from": ["2026-05-01T01:00:00.000Z"],
        "to": ["2026-05-01T02:00:00.000Z"],
    }
    page.go_back()
    expect(cell(page, "Dog, 03:00 to 04:00: 2 events")).to_be_visible()


def test_days_and_devices_stand_in_the_address(bench: Bench, open_page: OpenPage) -> None:
    fill(bench)
    page = open_page(bench, f"/heat-map?day={DAY}")
    expect(page.locator(".heat-head")).to_contain_text("4 events")
    page.get_by_role("button", name="Day before").click()
    expect(page.locator(".heat-head")).to_contain_text("1 event of 1 sound")
    page.get_by_label("Day", exact=True).fill(DAY)
    expect(page.locator(".heat-head")).to_contain_text("4 events")
    page.get_by_label("Device").select_option("yard")
    expect(page.locator(".heat-head")).to_contain_text("2 events of 2 sounds")
    assert urlsplit(page.url).query == f"day={DAY}&device=yard"
    page.reload()
    expect(page.locator(".heat-head")).to_contain_text("2 events of 2 sounds")
    page.go_back()
    expect(page.locator(".heat-head")).to_contain_text("4 events")
    page.get_by_role("button", name="Today").click()
    expect(page.get_by_text("No events today, so far")).to_be_visible()


def test_arrow_keys_go_from_cell_to_cell(bench: Bench, open_page: OpenPage) -> None:
    fill(bench)
    page = open_page(bench, f"/heat-map?day={DAY}")
    siren = cell(page, "Siren, 00:00 to 01:00: 1 event")
    expect(siren).to_have_attribute("tabindex", "0")  # the first that leads anywhere
    assert page.locator('.heat [tabindex="0"]').count() == 1
    siren.focus()
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(cell(page, "Dog, 03:00 to 04:00: 2 events")).to_be_focused()
    page.keyboard.press("End")
    expect(cell(page, "Dog, 23:00 to 00:00: 1 event")).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(siren).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/events\\?label=Siren&from="))


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2025-10-26", 25)])
def test_a_day_on_which_clocks_are_changed_has_its_own_hours(
    bench: Bench, open_page: OpenPage, day: str, hours: int
) -> None:
    bench.commit(event_at(f"{day}T12:30:00+00:00", "Siren", "yard"))
    page = open_page(bench, f"/heat-map?day={day}")
    expect(page.locator(".heat-hour")).to_have_count(hours)
    expect(page.locator(".heat-count")).to_have_count(1)


def test_a_new_event_is_counted(bench: Bench, open_page: OpenPage) -> None:
    page = open_page(bench, f"/heat-map?day={DAY}")
    expect(page.get_by_text("No events on this day")).to_be_visible()
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")
    fill(bench)
    expect(page.locator(".heat-head")).to_contain_text("4 events")
