"""Starts the features service: `python -m services.features`."""

from __future__ import annotations

from prometheus_client import REGISTRY

from earshot.broker import connect
from earshot.embedding.bundles import newest_bundle
from earshot.embedding.embedder import Embedder
from earshot.embedding.errors import EmbeddingError
from earshot.observability import configure_logging, start_metrics
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from earshot.streams.port import Stage
from earshot.streams.worker import LoopOptions, Worker
from earshot.topics import AUDIO, EMBEDDINGS
from services.features.handler import Features
from services.features.metrics import FeaturesMetrics
from services.features.settings import FeaturesSettings

GROUP = AUDIO.owner


def main() -> None:
    """Embeds what arrives until told to stop."""
    with refuse_to_start(EmbeddingError):
        settings = load(FeaturesSettings)
        configure_logging("features", settings)
        warn_about_unknown_variables(FeaturesSettings)
        bundle = newest_bundle(settings.models_dir, settings.embedder)
        embedder = Embedder.load(bundle, precision=settings.precision, num_threads=1)
        start_metrics("features", settings)
        streams = connect(settings)
    worker = Worker(
        streams,
        Stage(AUDIO, GROUP, EMBEDDINGS),
        Features(embedder),
        FeaturesMetrics(REGISTRY, embedder),
        LoopOptions(settings.features_batch_chunks, claim_idle_s=settings.claim_idle_s),
    )
    raise SystemExit(0 if worker.run() else 1)


if __name__ == "__main__":
    main()
