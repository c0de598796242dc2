"""Starts the notifier service: `python -m services.notifier`."""

from __future__ import annotations

from prometheus_client import REGISTRY

from earshot.broker import connect
from earshot.events.errors import BadLabels, BadTaxonomy
from earshot.events.taxonomy_file import load_taxonomy
from earshot.model_labels import ModelLabels
from earshot.observability import configure_logging, start_metrics
from earshot.settings import RetentionSettings
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from earshot.store.engine import open_engine
from earshot.store.errors import BadDatabaseUrl, UnknownSchema
from earshot.store.retention import Retention
from services.notifier.metrics import NotifierMetrics
from services.notifier.notifier import Notifier
from services.notifier.settings import NotifierSettings


def main() -> None:
    """Follows the predictions until told to stop."""
    with refuse_to_start(BadDatabaseUrl, BadLabels, BadTaxonomy, OSError):
        settings = load(NotifierSettings)
        configure_logging("notifier", settings)
        warn_about_unknown_variables(NotifierSettings)
        taxonomy = load_taxonomy(settings.taxonomy_file)
        bundles = ModelLabels(settings.models_dir)
        bundles.check_newest(settings.model, taxonomy)
        if not settings.database_url:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        engine = open_engine(settings.database)
        start_metrics("notifier", settings)
        streams = connect(settings)
    metrics = NotifierMetrics(REGISTRY)
    notifier = Notifier(
        streams,
        engine,
        taxonomy,
        bundles.gathering,
        metrics,
        settings.notifier_lease_s,
        accepts_unknown=settings.unknown_devices == "accept",
        close_after_s=settings.close_after_s,
        retention=_retention(settings),
    )
    with refuse_to_start(UnknownSchema):
        is_clean = notifier.run()
    raise SystemExit(0 if is_clean else 1)


def _retention(settings: RetentionSettings) -> Retention:
    return Retention(
        settings.keep_events_s,
        settings.keep_embeddings_s,
        settings.keep_sessions_s,
        settings.keep_coverage_s,
        settings.keep_audit_s,
    )


if __name__ == "__main__":
    main()
