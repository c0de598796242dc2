"""The root: what is here and where."""

from __future__ import annotations

from fastapi import APIRouter

from earshot import __version__
from services.api.schemas import Index

router = APIRouter(tags=["index"])

PATHS = {
    "events": "/v1/events",
    "stream": "/v1/stream",
    "labels": "/v1/labels",
    "scenes": "/v1/scenes",
    "stats": "/v1/stats",
    "devices": "/v1/devices",
    "audit": "/v1/audit",
    "openapi": "/openapi.json",
    "alive": "/healthz",
    "ready": "/readyz",
    "metrics": "/metrics",
}


@router.get("/")
async def index() -> Index:
    """Lists what is here."""
    return Index(name="earshot", version=__version__, paths=PATHS)
