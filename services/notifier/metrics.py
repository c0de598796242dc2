"""What the notifier counts besides what every loop counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

from earshot.streams.loop_metrics import LoopMetrics


class NotifierMetrics(LoopMetrics):
    """Counters of one notifier process, on the registry it is given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self.duplicates = Counter(
            "earshot_entries_duplicate", "Entries committed before.", ["topic"], registry=registry
        )
        self.revisions = Counter(
            "earshot_event_revisions",
            "Revisions of sound events committed.",
            ["label", "state"],
            registry=registry,
        )
