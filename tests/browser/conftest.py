"""A browser, pages that note what must not happen, and screenshots."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from earshot.embedded_broker import EmbeddedBroker
from tests.browser.bench import REPOSITORY, Bench
from tests.browser.watch import Watch

DESKTOP, PHONE = (1280, 800), (390, 844)
TIMEOUT_MS = 60_000
SCREENSHOTS = Path(os.environ.get("EARSHOT_TEST_SCREENSHOTS", REPOSITORY / "build/screenshots"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless.

    No longer than a module: meanwhile an event loop runs in this thread, which would be in the way
    of other tests' `asyncio.run`.
    """
    binary = shutil.which("chromium")
    if binary is None:
        pytest.skip("needs chromium (apt-get install chromium)")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # it refuses its sandbox to root
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=binary, args=arguments)
        yield running
        running.close()


@pytest.fixture
def make_bench(broker: EmbeddedBroker, tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Starts an api of the test's own; its settings may be given."""
    with ExitStack() as stack:

        def make(**environment: str) -> Bench:
            prefix = f"test:{secrets.token_hex(6)}"
            bench = Bench(tmp_path, broker.url, prefix, environment)
            stack.callback(bench.close)
            return bench

        yield make


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """An api that asks for no token."""
    return make_bench()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page of a bench; the test fails on an error there, or a request elsewhere.

    `foresees` are parts of errors that the test brings about; `size` and `theme` are the screen's.
    """
    with ExitStack() as stack:

        def make(
            bench: Bench,
            path: str = "/live",
            size: tuple[int, int] = DESKTOP,
            theme: str = "light",
            foresees: tuple[str, ...] = (),
        ) -> Page:
            options: dict[str, Any] = {"color_scheme": theme, "reduced_motion": "reduce"}
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                timezone_id="Europe/Berlin",
                **options,
            )
            page = context.new_page()
            page.set_default_timeout(TIMEOUT_MS)
            watch = Watch(page, bench.host, foresees)
            stack.callback(watch.check)
            stack.callback(context.close)
            page.goto(bench.url + path)
            return page

        yield make


@pytest.fixture
def shoot(open_page: Callable[..., Page]) -> Callable[..., None]:
    """Takes a page's screenshots: both sizes, dark and light, as `<name>-<width>-<theme>.png`.

    `ready(page)` waits until everything that belongs on the picture is there.
    """

    def take(bench: Bench, path: str, name: str, ready: Callable[[Page], None]) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for size in (DESKTOP, PHONE):
            for theme in ("light", "dark"):
                page = open_page(bench, path, size=size, theme=theme)
                ready(page)
                page.screenshot(path=SCREENSHOTS / f"{name}-{size[0]}-{theme}.png")
                page.context.close()

    return take
