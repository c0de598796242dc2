"""Starts the classifier service: `python -m services.classifier`."""

from __future__ import annotations

from prometheus_client import REGISTRY

from earshot.broker import connect
from earshot.observability import configure_logging, start_metrics
from earshot.serving.client import ServingClient
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.port import Stage
from earshot.streams.worker import LoopOptions, Worker
from earshot.topics import EMBEDDINGS, PREDICTIONS
from services.classifier.handler import Classifier
from services.classifier.serving_predict import serving_predict
from services.classifier.settings import ClassifierSettings

GROUP = EMBEDDINGS.owner


def main() -> None:
    """Classifies what arrives until told to stop."""
    with refuse_to_start():
        settings = load(ClassifierSettings)
        configure_logging("classifier", settings)
        warn_about_unknown_variables(ClassifierSettings)
        start_metrics("classifier", settings)
        streams = connect(settings)
    client = ServingClient(settings.serving_target, settings.classifier_timeout_s)
    classifier = Classifier(
        serving_predict(client, settings.model),
        settings.window_patches,
        settings.classifier_embedding_space,
        settings.classifier_max_rows,
    )
    worker = Worker(
        streams,
        Stage(EMBEDDINGS, GROUP, PREDICTIONS),
        classifier,
        LoopMetrics(REGISTRY),
        LoopOptions(settings.classifier_batch_entries, claim_idle_s=settings.claim_idle_s),
    )
    raise SystemExit(0 if worker.run() else 1)


if __name__ == "__main__":
    main()
