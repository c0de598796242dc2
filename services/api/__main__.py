"""Starts the api service: `python -m services.api`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from prometheus_client import REGISTRY
from sqlalchemy import Engine

from earshot.events.errors import BadTaxonomy
from earshot.events.taxonomy import Taxonomy
from earshot.events.taxonomy_file import load_taxonomy
from earshot.observability import configure_logging, start_metrics
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from earshot.store.device_tags import tags_of
from earshot.store.engine import open_engine
from earshot.store.errors import BadDatabaseUrl
from earshot.streams.policy import Policy
from earshot.topics import EVENTS
from services.api.app import create_app
from services.api.first_token import check_reachable
from services.api.hearing import HearingHub, Sources
from services.api.live import LiveHub
from services.api.readiness import Check
from services.api.rescorer_source import RescorerSource
from services.api.server import exit_cleanly_on_signals, listen, serve
from services.api.settings import ApiSettings


def main() -> None:
    """Serves until told to stop."""
    exit_cleanly_on_signals()
    with refuse_to_start(BadDatabaseUrl, BadTaxonomy, OSError):
        settings = load(ApiSettings)
        configure_logging("api", settings)
        warn_about_unknown_variables(ApiSettings)
        start_metrics("api", settings)
        taxonomy = load_taxonomy(settings.taxonomy_file)
        engine = open_engine(settings.database)
        check_reachable(engine, settings)
        listener = listen(settings.api_host, settings.api_port)
    broker = _broker_parts(settings, engine, taxonomy)
    app = create_app(
        engine,
        REGISTRY,
        broker.checks,
        broker.live,
        settings.access,
        taxonomy,
        hearing_hub=broker.hearing,
        rescorer=RescorerSource(
            engine, settings.serving_target, settings.models_dir, settings.window_patches
        ),
    )
    serve(app, listener, broker.end_feeds)


@dataclass(frozen=True, slots=True)
class BrokerParts:
    """What asks for the broker and what follows it: nothing when none is set."""

    checks: dict[str, Check] = field(default_factory=dict)
    live: LiveHub | None = None
    hearing: HearingHub | None = None

    def end_feeds(self) -> None:
        """Ends what would never end by itself."""
        for hub in (self.live, self.hearing):
            if hub is not None:
                hub.end_feeds()


def _broker_parts(settings: ApiSettings, engine: Engine, taxonomy: Taxonomy) -> BrokerParts:
    if settings.redis_url is None:
        return BrokerParts()
    # Imported only when asked for: the client takes a quarter of this process's memory.
    from earshot.streams.redis_streams import RedisStreams

    policy = Policy(key_prefix=settings.key_prefix, partitions=settings.partitions)
    streams = RedisStreams(settings.redis_url, policy)
    live = LiveHub(
        streams.tail(EVENTS, 0),
        partial(tags_of, engine),
        REGISTRY,
        settings.api_stream_clients,
        settings.api_stream_heartbeat_s,
    )
    hearing = HearingHub(
        Sources(streams, engine, taxonomy, settings.models_dir),
        REGISTRY,
        settings.api_stream_clients,
        settings.api_stream_heartbeat_s,
    )
    return BrokerParts({"broker": streams.ping}, live, hearing)


if __name__ == "__main__":
    main()
