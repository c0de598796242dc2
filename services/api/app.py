"""The app: routes, problems and metrics put together. Opens and starts nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import Depends, FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from earshot import __version__
from earshot.events.taxonomy import Taxonomy
from services.api.auth import require
from services.api.guard import OPEN, Access, Guard
from services.api.hearing import HearingHub
from services.api.keyring import Keyring
from services.api.limits import BodyLimit
from services.api.live import LiveHub
from services.api.problem_handlers import install_problem_handlers
from services.api.problems import GUARDED, Problem
from services.api.readiness import Check, database_check
from services.api.repeats import refuse_repeats
from services.api.request_metrics import RequestMetrics
from services.api.rescorer_source import RescorerSource
from services.api.routes import (
    audit,
    coverage,
    devices,
    events,
    explain,
    forget,
    health,
    hearing,
    index,
    labels,
    pages,
    scenes,
    session,
    stats,
    stream,
)

# Below the 15 connections of the database pool, so that no query waits; a thread costs memory.
NUM_QUERY_THREADS = 8

_DESCRIPTION = """Sound events and the devices that heard them.

Times of day are RFC 3339 in UTC; `_s` are seconds, `_sample` indexes at 16 kHz, both from the start
of the device's session. Lists come in pages: follow `next`. Every error is
`application/problem+json` (RFC 9457) with one sentence that says what, where and what is allowed.
"""


class Api(FastAPI):
    """FastAPI whose OpenAPI document knows the problem schema that every route refers to."""

    def openapi(self) -> dict[str, Any]:
        """Returns the OpenAPI 3.1 document."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas.setdefault("Problem", Problem.model_json_schema())
        return document


def create_app(  # noqa: PLR0913 - one argument per part
    engine: Engine,
    registry: CollectorRegistry,
    further_checks: Mapping[str, Check] | None = None,
    live: LiveHub | None = None,
    access: Access = OPEN,
    taxonomy: Taxonomy | None = None,
    *,
    hearing_hub: HearingHub | None = None,
    rescorer: RescorerSource | None = None,
) -> FastAPI:
    """Returns the app, ready to be served.

    Args:
        engine: The database to read.
        registry: Takes the request metrics; `/metrics` shows all it holds.
        further_checks: What `/readyz` asks besides the database, by name.
        live: The live feed; follows the events stream while the app runs. None without a broker.
        access: How it is guarded.
        taxonomy: The labels and scenes to tell of; None for none.
        hearing_hub: What tells what is heard now. None without a broker.
        rescorer: Scores kept embeddings again. None without a model server.
    """
    app = Api(
        title="Earshot",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,  # the framework's pages load their scripts from another host
        redoc_url=None,
        redirect_slashes=False,  # one address per thing; a redirect would echo the Host header
        dependencies=[Depends(refuse_repeats)],
        lifespan=_run,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.engine = engine
    app.state.registry = registry
    app.state.live = live
    app.state.hearing = hearing_hub
    app.state.rescorer = rescorer
    app.state.taxonomy = taxonomy or Taxonomy(labels=())
    app.state.checks = {"database": database_check(engine), **(further_checks or {})}
    app.state.keyring = Keyring(engine, access.cached_for_s)
    for routes in (index, pages, session, health):
        app.include_router(routes.router)
    for routes in (events, explain, stream, hearing, stats, labels, scenes, devices, coverage):
        read = [require("read")]  # each asks for it, and some of their routes for more
        app.include_router(routes.router, dependencies=read, responses=GUARDED)
    for routes in (audit, forget):
        app.include_router(routes.router, responses=GUARDED)
    install_problem_handlers(app)
    _add_middleware(app, registry, access)
    return app


def _add_middleware(app: FastAPI, registry: CollectorRegistry, access: Access) -> None:
    """The last one added sees a request first."""
    app.add_middleware(BodyLimit, max_bytes=access.max_body_bytes)
    app.add_middleware(Guard, access=access, keyring=app.state.keyring)
    app.add_middleware(RequestMetrics, registry=registry)


@asynccontextmanager
async def _run(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = NUM_QUERY_THREADS
    live: LiveHub | None = app.state.live
    hearing_hub: HearingHub | None = app.state.hearing
    if live is not None:
        live.start()
    yield
    if hearing_hub is not None:
        await hearing_hub.stop()
    if live is not None:
        await live.stop()
