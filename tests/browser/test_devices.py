"""Devices: the list with its strips, one device's coverage, and changing what is said of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, expect

from tests.browser.bench import Bench
from tests.browser.days import at, cover, event_at
from tests.browser.sounds import SECOND_NS, make_event

OpenPage = Callable[..., Page]

SCRIPT = "<img src=x onerror=alert(1)>"
HOUR_NS = 3600 * SECOND_NS
DAY = "2026-05-01"


def put(bench: Bench, device: str, **said: object) -> None:
    httpx.put(f"{bench.url}/v1/devices/{device}", json=said).raise_for_status()


def said_of(bench: Bench, device: str) -> dict[str, object]:
    return dict(httpx.get(f"{bench.url}/v1/devices/{device}").json())


def cover_day(bench: Bench) -> None:
    """A day of the browser's zone with something of everything."""
    midnight_ns = at(f"{DAY}T00:00:00+02:00")
    hours = ((0, 6, "heard", ""), (6, 7, "lost", "overflow"), (7, 9, "silent", ""))
    hours += ((9, 12, "absent", "stopped"), (12, 24, "heard", ""))
    cover(
        bench,
        "kitchen",
        *[(midnight_ns + a * HOUR_NS, midnight_ns + b * HOUR_NS, *kind) for a, b, *kind in hours],
    )


def test_the_list_says_state_and_how_well_each_was_heard(bench: Bench, open_page: OpenPage) -> None:
    now_ns = time.time_ns()
    cover(
        bench,
        "kitchen",
        (now_ns - 30 * HOUR_NS, now_ns - 12 * HOUR_NS, "heard", ""),
        (now_ns - 12 * HOUR_NS, now_ns - 6 * HOUR_NS, "lost", "overflow"),
        (now_ns - 6 * HOUR_NS, now_ns, "heard", ""),
    )
    put(bench, "cellar", state="disabled", tags=["damp"])
    page = open_page(bench, "/devices")
    kitchen = page.locator('[data-device="kitchen"]')
    expect(kitchen).to_contain_text("active")
    expect(kitchen.locator(".strip-share")).to_have_text(re.compile("7[45] %"))
    strip = kitchen.get_by_role("img")
    expect(strip).to_have_attribute("aria-label", re.compile("heard 1[78] h .*, lost 6 h 00 min"))
    expect(kitchen.locator(".coverage-bar.is-lost")).to_have_count(1)
    cellar = page.locator('[data-device="cellar"]')
    expect(cellar).to_contain_text("disabled")
    expect(cellar).to_contain_text("damp")
    expect(cellar).to_contain_text("never")


def test_the_list_is_searched(bench: Bench, open_page: OpenPage) -> None:
    put(bench, "kitchen", site="home", tags=["indoor"])
    put(bench, "yard", site="depot")
    page = open_page(bench, "/devices")
    expect(page.locator(".list-count")).to_have_text("2 devices")
    page.get_by_label("Search id, site or tag").fill("door")
    expect(page.locator(".list-count")).to_have_text("1 device")
    assert urlsplit(page.url).query == "text=door"
    page.reload()
    expect(page.get_by_role("link", name="kitchen")).to_be_visible()
    expect(page.locator(".list-count")).to_have_text("1 device")
    page.get_by_label("Search id, site or tag").fill("nothing like it")
    page.get_by_role("button", name="Show all devices").click()
    expect(page.locator(".list-count")).to_have_text("2 devices")


def test_the_coverage_of_a_day_adds_up_and_is_told(bench: Bench, open_page: OpenPage) -> None:
    cover_day(bench)
    page = open_page(bench, f"/devices/kitchen?day={DAY}")
    sums = page.locator(".coverage-sums dd")
    expect(sums).to_have_text(["18 h 00 min", "2 h 00 min", "1 h 00 min", "3 h 00 min"])
    strip = page.get_by_role("slider", name="Coverage, stretch by stretch")
    lost = "06:00 to 07:00, lost for 1 h 00 min (more came than could be taken)"
    expect(strip).to_have_attribute("aria-valuetext", lost)  # what matters most comes first
    strip.focus()
    page.keyboard.press("ArrowRight")
    expect(strip).to_have_attribute("aria-valuetext", "07:00 to 09:00, silent for 2 h 00 min")
    expect(page.locator(".coverage-readout")).to_have_text("07:00 to 09:00, silent for 2 h 00 min")
    page.get_by_text("The same as a table").click()
    rows = page.get_by_role("region", name="Coverage as a table").locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.nth(3)).to_contain_text("stopped")
    page.get_by_role("button", name="Day before").click()
    expect(page.locator(".coverage-sums dd").last).to_have_text("1 d 0 h")
    assert urlsplit(page.url).query == "day=2026-04-30"


def test_site_tags_and_state_are_changed_by_keyboard(bench: Bench, open_page: OpenPage) -> None:
    put(bench, "kitchen", site="home", tags=["indoor", "old"], policy={"keep_embeddings": False})
    page = open_page(bench, "/devices/kitchen")
    page.get_by_label("Site").fill("office")
    page.get_by_role("button", name="Take away the tag old").press("Enter")
    page.get_by_label("Tags", exact=True).last.press_sequentially("floor 2")
    page.keyboard.press("Enter")
    page.get_by_label("disabled").check()
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Saved.", exact=True).first).to_be_visible()
    expect(page.locator(".device-lead")).to_contain_text("At office")
    said = said_of(bench, "kitchen")
    assert (said["site"], said["tags"], said["state"]) == (
        "office",
        ["indoor", "floor 2"],
        "disabled",
    )
    assert said["policy"] == {"keep_embeddings": False}


def test_nobodys_change_is_overwritten(bench: Bench, open_page: OpenPage) -> None:
    put(bench, "kitchen", site="home")
    page = open_page(bench, "/devices/kitchen", foresees=("412",))
    page.get_by_label("Site").fill("office")
    put(bench, "kitchen", site="depot")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody changed this device meanwhile")
    expect(page.get_by_label("Site")).to_have_value("office")
    page.get_by_role("button", name="Show their version").click()
    expect(page.get_by_label("Site")).to_have_value("depot")
    page.get_by_label("Site").fill("office")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".device-lead")).to_contain_text("At office")


def test_what_is_not_allowed_is_said(bench: Bench, open_page: OpenPage) -> None:
    put(bench, "kitchen", tags=[f"t{i}" for i in range(32)])
    page = open_page(bench, "/devices/kitchen", foresees=("422",))
    page.get_by_role("textbox", name="Tags").fill("one too many")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("tags")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nothing has been changed.").first).to_be_visible()


def test_the_latest_events_come_in(bench: Bench, open_page: OpenPage) -> None:
    bench.commit(*[make_event("Dog", "kitchen", 100 + i, 1, category="animal") for i in range(12)])
    page = open_page(bench, "/devices/kitchen")
    expect(page.locator(".latest .list-row")).to_have_count(10)
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")
    bench.commit(make_event("Siren", "kitchen", 2, 1), make_event("Music", "yard", 2, 1))
    expect(page.locator(".latest .list-row").first).to_contain_text("Siren")
    expect(page.locator(".latest .list-row")).to_have_count(10)


def test_names_of_strangers_are_text(bench: Bench, open_page: OpenPage) -> None:
    bench.commit(event_at(f"{DAY}T03:00:00+02:00", SCRIPT, "hall"))
    put(bench, "hall", site=SCRIPT, tags=[SCRIPT])
    page = open_page(bench, "/devices")
    expect(page.locator('[data-device="hall"]')).to_contain_text(SCRIPT)
    page.get_by_role("link", name="hall").click()
    expect(page.locator(".tag-list")).to_contain_text(SCRIPT)
    expect(page.locator(".latest")).to_contain_text(SCRIPT)
    assert page.locator("main img, main script").count() == 0


def test_a_device_that_nobody_registered_is_said_to_be_so(
    bench: Bench, open_page: OpenPage
) -> None:
    page = open_page(bench, "/devices/nobody", foresees=("404",))
    expect(page.get_by_text("It is not registered")).to_be_visible()
    expect(page.get_by_text("No events yet")).to_be_visible()
