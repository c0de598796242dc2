"""What the features service tells besides what every loop counts."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Info

from earshot.embedding.embedder import Embedder
from earshot.streams.loop_metrics import LoopMetrics


class FeaturesMetrics(LoopMetrics):
    """Counters of one features process, and which network it runs, on the registry it is given."""

    def __init__(self, registry: CollectorRegistry, embedder: Embedder) -> None:
        super().__init__(registry)
        Info("earshot_features_embedder", "What embeds here, and how.", registry=registry).info(
            {"embedder": embedder.name_version, "precision": embedder.precision}
        )
