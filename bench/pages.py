"""How soon a page shows its first events, in a browser that has never seen it."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.api_process import running_api
from bench.event_queries import fill
from bench.row import Row
from earshot.embedded_broker import EmbeddedBroker
from earshot.store.engine import open_engine

PATHS = ("/live", "/events")
NUM_EVENTS = 20_000
NUM_VISITS = 10
BAR_MS = 1_000
# Looked for at each frame: waiting for a locator looks at times that lie up to 500 ms apart.
HAS_EVENT = """() => document.querySelector("main a[href^='/events/']")?.checkVisibility()"""


def measure() -> list[Row]:
    """Visits the pages that show events; none where Chromium is not installed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("Chromium is not here (make system-deps): pages not measured", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        database_url = f"sqlite:///{Path(name) / 'earshot.db'}"
        engine, broker = open_engine(database_url), EmbeddedBroker(Path(name) / "broker")
        fill(engine, NUM_EVENTS)
        engine.dispose()
        try:
            with running_api(database_url, broker.url) as url:
                browser = playwright.chromium.launch(executable_path=chromium)
                return [row for path in PATHS for row in _rows(browser, url, path)]
        finally:
            broker.stop()


def _rows(browser: Browser, url: str, path: str) -> list[Row]:
    times_ms = [_visit_ms(browser, url + path) for _ in range(1 + NUM_VISITS)][1:]  # one to warm up
    what = f"page {path}: navigation to first event drawn, {NUM_EVENTS:,} events"
    p95_ms = statistics.quantiles(times_ms, n=20, method="inclusive")[-1]
    return [
        Row(f"{what}, p95 of {NUM_VISITS}", p95_ms, "ms", BAR_MS, digits=0),
        Row(f"{what}, median", statistics.median(times_ms), "ms", digits=0),
    ]


def _visit_ms(browser: Browser, url: str) -> float:
    """Opens a page with an empty cache."""
    context = browser.new_context()
    page = context.new_page()
    began_s = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(HAS_EVENT)
    taken_ms = (time.perf_counter() - began_s) * 1e3
    context.close()
    return taken_ms
