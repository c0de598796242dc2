"""Events, heat map, devices and DeviceHive as people see them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from tests.browser.bench import Bench
from tests.browser.days import cover
from tests.browser.sounds import SECOND_NS, make_event

Shoot = Callable[..., None]

HOUR_NS = 3600 * SECOND_NS
SOUNDS = (
    ("Speech", "human", "low", 12),
    ("Birds", "animal", "low", 10),
    ("Dog", "animal", "normal", 9),
    ("Vehicle", "mechanical", "normal", 8),
    ("Music", "music", "low", 6),
    ("Cough", "human", "low", 5),
    ("Door slam", "impact", "low", 4),
    ("Kitchen", "scene", "low", 4),
    ("Rain", "environmental", "low", 3),
    ("Siren", "safety", "high", 2),
    ("Glass breaking", "impact", "high", 1),
)
DEVICES = {
    "kitchen": ("home", ["indoor", "ground floor"]),
    "hall": ("home", ["indoor"]),
    "garage-door.cam": ("Depot 7, Altona", ["rtsp"]),
    "warehouse:north:mic-04": ("Depot 7, Altona", ["outdoor", "rtsp"]),
}


def live_a_day(bench: Bench) -> None:
    """A day and a half of four devices; always the same but for the hour."""
    for device, (site, tags) in DEVICES.items():
        said = {"site": site, "tags": tags}
        httpx.put(f"{bench.url}/v1/devices/{device}", json=said).raise_for_status()
    draw = random.Random(4)
    events = [make_event("Smoke alarm", "kitchen", 25, site="home", peak_score=0.71)]
    for _ in range(380):
        [(label, category, priority, _)] = draw.choices(SOUNDS, [each[3] for each in SOUNDS])
        [device] = draw.choices(list(DEVICES), [5, 3, 2, 2])
        ago_s, lasts_s = 30 + draw.random() ** 1.5 * 130_000, 0.96 + draw.expovariate(1 / 14)
        what = {"category": category, "priority": priority, "site": DEVICES[device][0]}
        score = 0.35 + 0.6 * draw.random()
        events.append(make_event(label, device, ago_s, lasts_s, **what, peak_score=score))
    bench.commit(*{event.event_id: event for event in events}.values())


def cover_a_day(bench: Bench) -> None:
    now_ns = time.time_ns()
    heard = {
        "kitchen": [(30, 15, "heard"), (15, 14.9, "lost"), (14.9, 8, "heard"), (8, 7, "silent")],
        "hall": [(30, 0, "heard")],
        "garage-door.cam": [(22, 20, "heard"), (20, 18, "lost"), (18, 0, "silent")],
        "warehouse:north:mic-04": [(30, 9, "heard"), (9, 3, "absent"), (3, 0, "heard")],
    }
    heard["kitchen"] += [(7, 4, "heard"), (4, 2.5, "absent"), (2.5, 2.4, "lost"), (2.4, 0, "heard")]
    why = {"lost": "overflow", "absent": "stopped"}
    for device, hours in heard.items():
        moments = [(now_ns - int(a * HOUR_NS), now_ns - int(b * HOUR_NS), k) for a, b, k in hours]
        cover(bench, device, *[(begin, end, k, why.get(k, "")) for begin, end, k in moments])


def test_pages(bench: Bench, shoot: Shoot) -> None:
    live_a_day(bench)
    cover_a_day(bench)

    def there(selector: str) -> Callable[[Page], None]:
        return lambda page: expect(page.locator(selector).first).to_be_visible()

    shoot(bench, "/events", "events", there(".list-row"))
    chosen = "/events?label=Dog&label=Birds&last=24h&text=i"
    shoot(bench, chosen, "events-filtered", there(".chip"))
    shoot(bench, "/heat-map", "heat-map", there(".heat-count"))
    shoot(bench, "/devices", "devices", lambda page: all_strips(page))
    shoot(bench, "/devices/kitchen", "device", there(".coverage-bar"))
    shoot(bench, "/devicehive", "devicehive", there(".code-block"))


def all_strips(page: Page) -> None:
    expect(page.locator(".strip-share")).to_have_count(len(DEVICES))
