"""The Events page while events come: in their place, counted, and after the api was away."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.bench import Bench
from tests.browser.events_page import ANIMAL, fill, shows, sounds
from tests.browser.sounds import make_event, revised

OpenPage = Callable[..., Page]

API_AWAY = ("ERR_CONNECTION", "ERR_INCOMPLETE_CHUNKED", "ERR_EMPTY_RESPONSE", "ERR_SOCKET")


def test_a_new_event_comes_in_and_ends_in_its_place(bench: Bench, open_page: OpenPage) -> None:
    fill(bench)
    page = open_page(bench, "/events?label=Dog&label=Siren")
    shows(page, "Dog", "Dog", "Siren")
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")

    siren = make_event("Siren", "kitchen", 2, priority="high")
    bench.commit(make_event("Birds", "yard", 3, **ANIMAL), siren)
    shows(page, "Siren", "Dog", "Dog", "Siren")
    expect(page.locator(".list-row").first).to_contain_text("so far")
    bench.commit(revised(siren, 31, is_over=True))
    expect(page.locator(".list-row").first).to_contain_text("31 s")
    expect(page.locator(".list-row").first).to_contain_text("Ended")


def test_what_happens_while_the_api_is_away_comes_when_it_is_back(
    bench: Bench, open_page: OpenPage
) -> None:
    fill(bench)
    page = open_page(bench, "/events?label=Dog", foresees=API_AWAY)
    shows(page, "Dog", "Dog")
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")
    bench.kill_api()
    expect(page.locator(".connection")).to_have_attribute("data-state", "reconnecting")
    bench.commit(make_event("Dog", "hall", 2, 1, **ANIMAL), make_event("Siren", "hall", 1, 1))
    bench.start_api()
    shows(page, "Dog", "Dog", "Dog")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_new_events_wait_while_the_reader_is_further_down(
    bench: Bench, open_page: OpenPage
) -> None:
    bench.commit(*[make_event("Dog", "yard", 100 + 10 * i, 2, **ANIMAL) for i in range(40)])
    page = open_page(bench, "/events")
    expect(page.locator(".list-row")).to_have_count(40)
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")
    page.mouse.wheel(0, 1000)
    page.wait_for_function("scrollY > 500")
    bench.commit(make_event("Siren", "yard", 2, 1), make_event("Siren", "kitchen", 2, 1))
    page.get_by_role("button", name="2 new").click()
    expect(page.locator(".list-row")).to_have_count(42)
    assert sounds(page)[:3] == ["Siren", "Siren", "Dog"]
    assert page.evaluate("scrollY") == 0
