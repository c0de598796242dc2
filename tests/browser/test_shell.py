"""What is around every page: keyboard, sign-in, theme, sizes, and who may be asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from earshot.access import LOCAL, Scope
from earshot.store.tokens import create_token
from tests.browser.bench import Bench
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.sounds import make_event, prediction

OpenPage = Callable[..., Page]
PAGES = {
    "/live": "Live",
    "/events": "Events",
    "/heat-map": "Heat map",
    "/devices": "Devices",
    "/devicehive": "DeviceHive",
}


def test_every_page_is_reached_by_keyboard_and_says_where_one_is(
    bench: Bench, open_page: OpenPage
) -> None:
    page = open_page(bench, "/")
    expect(page.get_by_role("heading", level=1, name="Live")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Tab")  # the brand
    for path, name in PAGES.items():
        link = page.get_by_role("navigation", name="Pages").get_by_role("link", name=name)
        link.focus()
        page.keyboard.press("Enter")
        expect(link).to_have_attribute("aria-current", "page")
        expect(page).to_have_title(f"{name} · Earshot")
        assert page.url == bench.url + path
        if path != "/live":  # there one is already
            expect(page.get_by_role("heading", level=1, name=name)).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Devices")).to_be_focused()


def test_the_skip_link_leads_past_the_navigation(bench: Bench, open_page: OpenPage) -> None:
    page = open_page(bench)
    expect(page.get_by_label("Filter by device")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Filter by device")).to_be_focused()


def test_an_address_that_is_no_page_says_so(bench: Bench, open_page: OpenPage) -> None:
    page = open_page(bench, "/live/nothing")
    expect(page.get_by_role("alert")).to_contain_text("no page at this address")


def test_a_token_is_asked_for_once_and_lasts_over_a_reload(
    make_bench: Callable[..., Bench], open_page: OpenPage
) -> None:
    bench = make_bench(EARSHOT_API_REQUIRE_TOKENS="1")
    bench.commit(make_event(lasts_s=2))
    token = create_token(bench.engine, "pages", [Scope("read")], None, LOCAL)[1]
    page = open_page(bench, foresees=("401",))
    form = page.get_by_role("dialog", name="Sign in")
    expect(form).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1)
    form.get_by_label("Token").fill("esk_wrong")
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("not valid")
    form.get_by_label("Token").fill(token)
    page.keyboard.press("Enter")
    expect(form).to_be_hidden()
    expect(page.locator(".event-row")).to_have_count(1)
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")

    page.reload()
    expect(page.locator(".event-row")).to_have_count(1)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog", name="Sign in")).to_be_visible()


def test_the_theme_is_kept(bench: Bench, open_page: OpenPage) -> None:
    page = open_page(bench, "/devicehive", theme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Dark theme").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    expect(page.get_by_role("button", name="Light theme")).to_be_visible()
    assert page.evaluate(ground) == dark


@pytest.mark.parametrize("size", [DESKTOP, PHONE, (320, 640)])
def test_no_page_scrolls_sideways(bench: Bench, open_page: OpenPage, size: tuple[int, int]) -> None:
    long_name = ("a-device-with-a-name-that-nobody-would-give-one-but-somebody-will" * 2)[:128]
    bench.hear([prediction(long_name, 0, {"Smoke detector, smoke alarm": 0.9})])
    bench.commit(make_event("L" * 180, long_name, lasts_s=3, site="s" * 180))
    page = open_page(bench, size=size)
    for path, name in PAGES.items():
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        expect(page.locator(".loading")).to_have_count(0)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], path
