"""What the notifier counts besides what every loop counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

from earshot.streams.loop_metrics import LoopMetrics


class NotifierMetrics(LoopMetrics):
    """Counters and gauges of one notifier process, on the registry it is given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        super().__init__(registry)
        self.duplicates = Counter(
            "earshot_entries_duplicate", "Entries committed before.", ["topic"], registry=registry
        )
        self.refused = Counter(
            "earshot_entries_refused",
            "Entries passed over because of their device.",
            ["topic", "reason"],
            registry=registry,
        )
        self.revisions = Counter(
            "earshot_event_revisions",
            "Revisions of sound events committed.",
            ["label", "state"],
            registry=registry,
        )
        self.closed = Counter(
            "earshot_sessions_closed", "Sessions whose source was gone.", registry=registry
        )
        self.swept = Counter(
            "earshot_rows_swept",
            "Rows of the database deleted because they were too old.",
            ["table"],
            registry=registry,
        )
        self.lease = Gauge(
            "earshot_notifier_lease",
            "Whether this process works on the partition (1) or stands by (0).",
            ["partition"],
            registry=registry,
        )
        self.takeovers = Counter(
            "earshot_notifier_takeovers",
            "Leases taken over from a process that gave no sign of life.",
            ["partition"],
            registry=registry,
        )
