"""The DeviceHive page: what this version does not do, and how events get out."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.bench import Bench

OpenPage = Callable[..., Page]


def test_the_page_promises_nothing_and_shows_the_ways_out(
    bench: Bench, open_page: OpenPage
) -> None:
    page = open_page(bench, "/devicehive")
    expect(page.get_by_text("This version of Earshot does not connect")).to_be_visible()
    assert page.locator("main input, main select").count() == 0
    expect(page.get_by_role("region", name="Ask for them")).to_contain_text(
        f"{bench.url}/v1/events"
    )
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy: Read the stream").click()
    expect(page.locator("#announcer")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("XREAD BLOCK 0 STREAMS earshot:v1:events '$'")
