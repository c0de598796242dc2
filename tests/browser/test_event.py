"""The page of one event: what is known of it, its score curve, and why it is an event."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from earshot.serving.client import ServingClient
from tests.browser.alarm import alarm_predictions
from tests.browser.bench import REPOSITORY, Bench
from tests.browser.sounds import SECOND_NS, make_event, revised
from tests.integration.modelserver.conftest import ModelServer

OpenPage = Callable[..., Page]
Shoot = Callable[..., None]

AGO_S = 60


@pytest.fixture(scope="module")
def model_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the model server of this file listens."""
    server = ModelServer(REPOSITORY / "models", tmp_path_factory.mktemp("modelserver"))
    server.wait_until_serving()
    yield server.target
    server.kill()


@pytest.fixture
def heard(make_bench: Callable[..., Bench], model_server: str) -> Bench:
    """An api that can score again, and a smoke alarm that a device has heard."""
    bench = make_bench(EARSHOT_SERVING_TARGET=model_server)
    httpx.put(f"{bench.url}/v1/devices/kitchen", json={"site": "home"}).raise_for_status()
    with ServingClient(model_server) as client:
        begin_at_ns = time.time_ns() - AGO_S * SECOND_NS
        bench.hear(alarm_predictions(client, "kitchen", begin_at_ns))
    return bench


def path_of(bench: Bench, label: str) -> str:
    found = httpx.get(f"{bench.url}/v1/events", params={"label": label}).json()["events"]
    return f"/events/{found[0]['event_id']}"


def test_the_curve_shows_scores_thresholds_and_what_was_lost(
    heard: Bench, open_page: OpenPage
) -> None:
    page = open_page(heard, path_of(heard, "Smoke alarm"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Smoke alarm")
    expect(page.locator(".curve-line")).to_have_attribute("d", re.compile(r"^M.*H"))
    expect(page.locator(".curve-limit text")).to_have_text(["on 0.35", "off 0.20"])
    expect(page.locator(".curve-mark text")).to_have_text(["began", "ended"])
    expect(page.locator(".curve-gap").first).to_be_visible()
    expect(page.locator(".reasons li").first).to_contain_text("It started")
    expect(page.locator(".thresholds")).to_contain_text("Score from which it is on")
    expect(page.locator(".thresholds")).to_contain_text("taxonomy.yaml")


def test_the_curve_is_told_to_those_who_do_not_see_it(heard: Bench, open_page: OpenPage) -> None:
    page = open_page(heard, path_of(heard, "Smoke alarm"))
    curve = page.get_by_role("slider", name="Score curve, patch by patch")
    expect(curve).to_have_attribute("aria-valuetext", re.compile("score 0.[5-9].*, on · .*dBFS"))
    curve.focus()
    page.keyboard.press("Home")
    expect(curve).to_have_attribute("aria-valuetext", re.compile("score 0.0.*, off"))
    page.keyboard.press("ArrowRight")
    expect(curve).to_have_attribute("aria-valuenow", "1")
    page.get_by_text("The same as a table").click()
    rows = page.get_by_role("region", name="Scores as a table").locator("tbody tr")
    assert rows.count() == int(curve.get_attribute("aria-valuemax") or 0) + 1


def test_the_page_follows_the_event(bench: Bench, open_page: OpenPage) -> None:
    alarm = make_event("Smoke alarm", "kitchen", 20)
    bench.commit(alarm)
    page = open_page(bench, f"/events/{alarm.event_id}")
    expect(page.locator(".event-lead")).to_contain_text("Started")
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")
    page.evaluate("window.wasNotReloaded = true")
    bench.commit(revised(alarm, 19, is_over=True))
    expect(page.locator(".event-lead")).to_contain_text("Ended")
    expect(page.locator(".facts")).to_contain_text("because it became quiet")
    expect(page.get_by_text("No score curve")).to_be_visible()
    assert page.evaluate("window.wasNotReloaded")


def test_neighbours_lead_to_their_own_pages(bench: Bench, open_page: OpenPage) -> None:
    middle = make_event("Dog", "kitchen", 300, 5, category="animal", priority="low")
    others = [make_event("Siren", "kitchen", 400, 5), make_event("Cough", "kitchen", 200, 2)]
    far = [make_event("Rain", "kitchen", 9000, 5), make_event("Music", "yard", 300, 5)]
    bench.commit(middle, *others, *far)
    page = open_page(bench, f"/events/{middle.event_id}")
    expect(page.locator(".neighbour .label-name")).to_have_text(["Siren", "Dog", "Cough"])
    page.locator("a.neighbour").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Siren")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dog")


def test_an_event_that_is_not_there_is_said_to_be_so(bench: Bench, open_page: OpenPage) -> None:
    page = open_page(bench, "/events/nothing", foresees=("404",))
    expect(page.get_by_role("alert")).to_contain_text("no event has the id 'nothing'")
    page.get_by_role("link", name="All events").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Events")


def test_screenshots(heard: Bench, shoot: Shoot) -> None:
    heard.commit(
        make_event("Cough", "kitchen", 240, 1.9, category="human", priority="low"),
        make_event("Door slam", "kitchen", 90, 0.96, category="impact", priority="low"),
        make_event("Speech", "kitchen", 30, 14, category="human", priority="low"),
    )

    def ready(page: Page) -> None:
        expect(page.locator(".curve-line")).to_be_visible()
        expect(page.locator(".neighbour").nth(3)).to_be_attached()

    shoot(heard, path_of(heard, "Smoke alarm"), "event", ready)
