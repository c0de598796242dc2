"""Takes note of what was passed over because of its device: all counted, little logged."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

import structlog

from earshot.topics import PREDICTIONS
from services.notifier.metrics import NotifierMetrics

LOG_EVERY_S = 3600.0  # per device
MAX_DEVICES = 10_000  # strangers may call themselves anything; above that the oldest is forgotten

log = structlog.get_logger(__name__)


class Refusals:
    """Counts refused entries by reason, and logs each device once an hour at most.

    Args:
        metrics: What to count on.
        clock: Seconds that never go back.
    """

    def __init__(
        self, metrics: NotifierMetrics, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._metrics, self._clock = metrics, clock
        self._logged_at_s: OrderedDict[str, float] = OrderedDict()

    def note(self, device_id: str, reason: str) -> None:
        """Takes note of one entry.

        Args:
            device_id: Whose.
            reason: `unknown` or `disabled`.
        """
        self._metrics.refused.labels(PREDICTIONS.name, reason).inc()
        now_s = self._clock()
        logged_at_s = self._logged_at_s.get(device_id)
        if logged_at_s is not None and now_s - logged_at_s < LOG_EVERY_S:
            return
        self._logged_at_s[device_id] = now_s
        self._logged_at_s.move_to_end(device_id)
        if len(self._logged_at_s) > MAX_DEVICES:
            self._logged_at_s.popitem(last=False)
        log.warning("predictions refused", device=device_id, reason=reason)
