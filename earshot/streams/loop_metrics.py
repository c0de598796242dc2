"""What the loop counts: entries in, results out, and everything that did not go on, by reason."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram


class LoopMetrics:
    """Counters of one worker process, on the registry it is given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"earshot_{name}", text, ["topic", *labels], registry=registry)

        self.handled = counter("entries_handled", "Entries whose handler returned.")
        self.redelivered = counter("entries_redelivered", "Entries claimed from a dead consumer.")
        self.dead = counter("entries_dead", "Entries made dead letters.")
        self.lost = counter("entries_lost", "Entries that can no longer be handled.", "reason")
        self.trimmed_past = counter("entries_trimmed_past", "Trimmed unread by a guest.", "group")
        self.held = counter("reads_held", "Rounds without a read: the target is over budget.")
        self.away = counter("dependency_away", "Times a dependency was away.")
        self.batch_seconds = Histogram(
            "earshot_batch_seconds", "Time in the handler per batch.", ["topic"], registry=registry
        )
