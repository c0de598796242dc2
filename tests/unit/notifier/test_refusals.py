"""What is refused is counted always and logged seldom."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from services.notifier.metrics import NotifierMetrics
from services.notifier.refusals import LOG_EVERY_S, MAX_DEVICES, Refusals


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_each_device_is_logged_once_an_hour_and_counted_always() -> None:
    registry, clock = CollectorRegistry(), Clock()
    noted = Refusals(NotifierMetrics(registry), clock)
    with capture_logs() as logs:
        for now_s in (0.0, 1.0, LOG_EVERY_S - 1, LOG_EVERY_S, LOG_EVERY_S + 1):
            clock.now_s = now_s
            noted.note("kitchen", "unknown")
        noted.note("hall", "disabled")

    assert [entry["device"] for entry in logs] == ["kitchen", "kitchen", "hall"]
    labels = {"topic": "predictions", "reason": "unknown"}
    assert registry.get_sample_value("earshot_entries_refused_total", labels) == 5


def test_strangers_with_ever_new_names_fill_no_memory() -> None:
    noted = Refusals(NotifierMetrics(CollectorRegistry()), Clock())
    with capture_logs():
        for number in range(MAX_DEVICES + 5):
            noted.note(f"stranger{number}", "unknown")
    assert len(noted._logged_at_s) == MAX_DEVICES
