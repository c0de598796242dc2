"""The live page as people see it: with a few devices, with two hundred, and with none."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from earshot.contracts.messages import Prediction
from tests.browser.bench import Bench
from tests.browser.sounds import make_event, prediction, revised

Shoot = Callable[..., None]

HEARD = {
    "kitchen": ({"Smoke detector, smoke alarm": 0.93, "Beep, bleep": 0.41, "Music": 0.2}, -21.0),
    "front-door": ({"Speech": 0.81, "Door": 0.33, "Walk, footsteps": 0.18, "Bark": 0.14}, -34.0),
    "workshop": ({"Drill": 0.64, "Power tool": 0.57, "Tools": 0.31}, -17.5),
    "garden": ({"Bird": 0.42, "Wind": 0.31, "Bark": 0.24}, -52.0),
}


def play(bench: Bench) -> None:
    """Some seconds of four places, and events that have ended."""
    for device, (scores, level) in HEARD.items():
        bench.hear(
            [prediction(device, number, scores, level, age_s=9 - 3 * number) for number in range(3)]
        )
    bench.commit(
        make_event("Glass breaking", "front-door", 190, 1.9, category="impact", priority="high"),
        make_event("Dog", "garden", 320, 12, category="animal", priority="low", peak_score=0.71),
        make_event(
            "Music", "kitchen", 2400, 754, category="music", priority="low", peak_score=0.66
        ),
        revised(make_event("Siren", "front-door", 700), 31, is_over=True),
    )


def test_a_few_devices(bench: Bench, shoot: Shoot) -> None:
    play(bench)
    sequence = iter(range(3, 100))

    def ready(page: Page) -> None:
        expect(page.locator(".connection")).to_have_attribute("data-state", "open")
        number = next(sequence)
        for device, (scores, level) in HEARD.items():
            bench.hear([prediction(device, number, scores, level)])
        expect(page.locator(".device-card")).to_have_count(len(HEARD))
        expect(page.locator(".label-row").first).to_be_visible()
        expect(page.locator(".event-row").nth(4)).to_be_attached()

    shoot(bench, "/live", "live", ready)


def test_two_hundred_devices(bench: Bench, shoot: Shoot) -> None:
    scores = list(HEARD.values())
    sequence = iter(range(100))

    def of_all() -> list[Prediction]:
        number = next(sequence)
        return [prediction(f"room-{i:03}", number, *scores[i % 4]) for i in range(200)]

    bench.hear(of_all())

    def ready(page: Page) -> None:
        expect(page.locator(".connection")).to_have_attribute("data-state", "open")
        bench.send(of_all())
        expect(page.locator(".device-card")).to_have_count(200)
        page.get_by_label("Find a device").fill("room-1")
        expect(page.locator(".live-hearing .section-head .muted")).to_have_text(
            "100 of the first 200 devices"
        )
        page.get_by_label("Find a device").fill("")
        page.get_by_label("Find a device").blur()

    shoot(bench, "/live", "live-many", ready)


def test_nothing_yet(bench: Bench, shoot: Shoot) -> None:
    def ready(page: Page) -> None:
        expect(page.get_by_text("No events yet")).to_be_visible()
        expect(page.get_by_text("No device is heard now")).to_be_visible()

    shoot(bench, "/live", "live-nothing", ready)
