"""Whether the process is alive, and whether it can answer; metrics for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from services.api.auth import require
from services.api.dependencies import Checks
from services.api.problems import declared
from services.api.readiness import find_missing
from services.api.schemas import Health, Readiness

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> Health:
    """Answers while the process is alive; asks nothing of other processes."""
    return Health(status="alive")


@router.get("/readyz", responses=declared(503))
def readyz(checks: Checks) -> Readiness:
    """Answers 200 when the database (and the broker, when one is set) is there."""
    missing = find_missing(checks)
    if missing:
        raise HTTPException(503, "; ".join(missing), {"Retry-After": "1"})
    return Readiness(status="ready", checked=list(checks))


@router.get("/metrics", include_in_schema=False, dependencies=[require("read")])
def metrics(request: Request) -> Response:
    """Shows the process's metrics in Prometheus' text format."""
    return Response(generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_LATEST)
