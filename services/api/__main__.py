"""Starts the api service: `python -m services.api`."""

from __future__ import annotations

from prometheus_client import REGISTRY

from earshot.observability import configure_logging, start_metrics
from earshot.startup import load, refuse_to_start, warn_about_unknown_variables
from earshot.store.engine import open_engine
from earshot.store.errors import BadDatabaseUrl
from services.api.app import create_app
from services.api.readiness import Check
from services.api.server import exit_cleanly_on_signals, listen, serve
from services.api.settings import ApiSettings


def main() -> None:
    """Serves until told to stop."""
    exit_cleanly_on_signals()
    with refuse_to_start(BadDatabaseUrl):
        settings = load(ApiSettings)
        configure_logging("api", settings)
        warn_about_unknown_variables(ApiSettings)
        start_metrics("api", settings)
        engine = open_engine(settings.database)
        listener = listen(settings.api_host, settings.api_port)
    serve(create_app(engine, REGISTRY, _broker_check(settings.redis_url)), listener)


def _broker_check(redis_url: str | None) -> dict[str, Check]:
    if redis_url is None:
        return {}
    # Imported only when asked for: the client takes a quarter of this process's memory.
    from earshot.streams.policy import Policy
    from earshot.streams.redis_streams import RedisStreams

    return {"broker": RedisStreams(redis_url, Policy()).ping}


if __name__ == "__main__":
    main()
