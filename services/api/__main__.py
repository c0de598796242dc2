"""Starts the api service: `python -m services.api`."""

from __future__ import annotations

from prometheus_client import REGISTRY

from earshot.events.errors import BadTaxonomy
from earshot.events.taxonomy_file import load_taxonomy
from earshot.observability import configure_logging, start_metrics
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from earshot.store.engine import open_engine
from earshot.store.errors import BadDatabaseUrl
from earshot.streams.policy import Policy
from earshot.topics import EVENTS
from services.api.app import create_app
from services.api.first_token import check_reachable
from services.api.live import LiveHub
from services.api.readiness import Check
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
    checks, live = _broker_parts(settings)
    app = create_app(engine, REGISTRY, checks, live, settings.access, taxonomy)
    serve(app, listener, live.end_feeds if live else None)


def _broker_parts(settings: ApiSettings) -> tuple[dict[str, Check], LiveHub | None]:
    """Returns what asks for the broker and what follows it: nothing when none is set."""
    if settings.redis_url is None:
        return {}, None
    # Imported only when asked for: the client takes a quarter of this process's memory.
    from earshot.streams.redis_streams import RedisStreams

    streams = RedisStreams(settings.redis_url, Policy(key_prefix=settings.key_prefix))
    live = LiveHub(
        streams.tail(EVENTS, 0),
        REGISTRY,
        settings.api_stream_clients,
        settings.api_stream_heartbeat_s,
    )
    return {"broker": streams.ping}, live


if __name__ == "__main__":
    main()
