"""The live page: events appear, run and end by themselves; a restart of the api loses nothing."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.bench import Bench
from tests.browser.sounds import make_event, prediction, revised

OpenPage = Callable[..., Page]
API_AWAY = ("ERR_CONNECTION", "ERR_INCOMPLETE_CHUNKED", "ERR_EMPTY_RESPONSE", "ERR_SOCKET")


def rows(page: Page, state: str) -> list[str]:
    """Ids of the events in one of the lists."""
    ids = page.locator(f'.event-row[data-state="{state}"]').evaluate_all(
        "rows => rows.map(row => row.dataset.eventId)"
    )
    return [str(each) for each in ids]


def live(page: Page) -> Page:
    """Waits until the feed follows."""
    expect(page.locator(".connection")).to_have_attribute("data-state", "open")
    return page


def test_an_event_appears_runs_and_ends_without_a_reload(bench: Bench, open_page: OpenPage) -> None:
    page = live(open_page(bench))
    expect(page.get_by_text("No events yet")).to_be_visible()
    page.evaluate("window.wasNotReloaded = true")

    alarm = make_event(ago_s=3)
    bench.commit(alarm)
    row = page.locator(f'[data-event-id="{alarm.event_id}"]')
    expect(row).to_contain_text("Smoke alarm")
    expect(page.get_by_role("heading", name="Happening now")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Smoke alarm, kitchen")
    before = row.locator(".event-duration").inner_text()
    expect(row.locator(".event-duration")).not_to_have_text(before)  # it runs

    bench.commit(revised(alarm, 24, is_over=True))
    expect(page.get_by_role("list", name="Just ended")).to_contain_text("24 s")
    assert rows(page, "ended") == [alarm.event_id]
    assert page.evaluate("window.wasNotReloaded")


def test_nothing_is_lost_or_doubled_when_the_api_is_killed_and_comes_back(
    bench: Bench, open_page: OpenPage
) -> None:
    before, lasting = make_event(ago_s=60, lasts_s=5), make_event("Siren", ago_s=50)
    bench.commit(before, lasting)
    page = live(open_page(bench, foresees=API_AWAY))
    expect(page.locator(".event-row")).to_have_count(2)
    page.evaluate("window.wasNotReloaded = true")

    bench.kill_api()
    meanwhile = [make_event("Dog", f"yard-{number}", 20 - number, 1) for number in range(10)]
    bench.commit(*meanwhile)
    ended = revised(lasting, 30, is_over=True)
    bench.commit(ended)
    expect(page.locator(".connection")).to_have_attribute("data-state", "reconnecting")
    bench.start_api()

    live(page)
    expect(page.locator('.event-row[data-state="ended"]')).to_have_count(12)
    after = make_event("Scream", ago_s=1, lasts_s=1)
    bench.commit(after)
    expect(page.locator('.event-row[data-state="ended"]')).to_have_count(13)
    shown = rows(page, "ended")
    assert sorted(shown) == sorted(e.event_id for e in [before, ended, *meanwhile, after])
    assert page.evaluate("window.wasNotReloaded")


def test_an_emptied_broker_hides_nothing(bench: Bench, open_page: OpenPage) -> None:
    lasting = make_event("Music", ago_s=2000, category="music", priority="low")
    bench.commit(lasting)
    page = live(open_page(bench, foresees=API_AWAY))
    expect(page.locator(".event-row")).to_have_count(1)

    bench.kill_api()
    bench.commit(revised(lasting, 1900, is_over=True))
    bench.commit(*[make_event("Dog", f"yard-{number}", 99 - number, 1) for number in range(45)])
    bench.empty_broker()
    bench.start_api()

    live(page)
    expect(page.get_by_role("heading", name="Happening now")).to_be_hidden()
    expect(page.locator(".event-row").first).to_contain_text("yard-44")


def test_what_was_committed_before_the_page_is_there_and_an_older_revision_changes_nothing(
    bench: Bench, open_page: OpenPage
) -> None:
    event = make_event(ago_s=100)
    bench.commit(event)
    bench.commit(revised(event, 20))
    bench.commit(revised(revised(event, 20), 40, is_over=True))
    page = live(open_page(bench))
    row = page.locator(f'[data-event-id="{event.event_id}"]')
    expect(row).to_have_attribute("data-revision", "3")
    expect(row.locator(".event-duration")).to_have_text("40 s")
    expect(page.locator(".event-row")).to_have_count(1)


def test_the_filters_narrow_and_stand_in_the_address(bench: Bench, open_page: OpenPage) -> None:
    dog = make_event("Dog", "yard", 20, 2, category="animal", priority="low")
    bench.commit(make_event(lasts_s=2), dog)
    page = live(open_page(bench))
    expect(page.locator(".event-row")).to_have_count(2)
    page.get_by_label("Filter by label").select_option("Dog")
    expect(page.locator(".event-row")).to_have_count(1)
    expect(page.locator(".event-row")).to_contain_text("yard")
    assert page.url.endswith("/live?label=Dog")
    bench.commit(make_event("Siren", lasts_s=1), make_event("Dog", "yard", 2, 1))
    expect(page.locator(".event-row")).to_have_count(2)
    page.reload()
    expect(page.get_by_label("Filter by label")).to_have_value("Dog")
    expect(page.locator(".event-row")).to_have_count(2)


def test_a_device_shows_what_it_hears_and_why_that_is_no_event(
    bench: Bench, open_page: OpenPage
) -> None:
    bench.hear([prediction("kitchen", 0, {"Speech": 0.7})])
    page = live(open_page(bench))
    bench.hear([prediction("kitchen", 1, {"Bark": 0.3, "Speech": 0.12}, level_dbfs=-42)])
    card = page.get_by_role("article", name="kitchen")
    expect(card.get_by_role("meter", name="Level")).to_have_attribute("aria-valuenow", "-42")
    expect(card.get_by_role("list", name="Highest classes")).to_contain_text("Bark")
    dog = card.locator(".label-row").filter(has_text="Dog").first
    expect(dog).to_contain_text("0.30")
    expect(page.get_by_role("heading", name="Last ten predictions")).to_be_visible()
    expect(page.locator(".last-table tbody tr").first).to_contain_text("Bark")

    bench.hear([prediction("kitchen", 2, {}, num_patches=0)])
    expect(card).to_contain_text("Silent")
    expect(card.get_by_role("meter")).to_have_attribute("aria-valuetext", "no sound")


def test_names_are_text_whatever_they_contain(bench: Bench, open_page: OpenPage) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    bench.commit(make_event(hostile, f"k{hostile}/../x", lasts_s=1, category=hostile))
    page = live(open_page(bench))
    row = page.locator(".event-row")
    expect(row).to_contain_text(hostile)
    assert row.locator("img").count() == 0
    row.locator(".device-link").click()
    assert "/devices/k%3Cimg%20src%3Dx" in page.url
    assert page.url.endswith("%2F..%2Fx")
