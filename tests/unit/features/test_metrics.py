from __future__ import annotations

from pathlib import Path

from prometheus_client import CollectorRegistry

from earshot.embedding.bundles import newest_bundle
from earshot.embedding.embedder import Embedder
from services.features.metrics import FeaturesMetrics

MODELS = Path(__file__).parents[3] / "models"


def test_the_network_and_its_precision_are_named() -> None:
    registry = CollectorRegistry()
    embedder = Embedder.load(newest_bundle(MODELS, "vggish-compact"), "f32")
    FeaturesMetrics(registry, embedder)
    labels = {"embedder": embedder.name_version, "precision": "f32"}
    assert registry.get_sample_value("earshot_features_embedder_info", labels) == 1.0
