"""The root: the pages for browsers; for all others, what is here and where."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from earshot import __version__
from services.api.media_types import choose
from services.api.page_files import page
from services.api.schemas import Index

router = APIRouter(tags=["index"])

PATHS = {
    "events": "/v1/events",
    "stream": "/v1/stream",
    "hearing": "/v1/hearing",
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


HTML = "text/html"
OFFERED = ("application/json", HTML)


@router.get(
    "/",
    response_model=Index,
    responses={200: {"content": {HTML: {"schema": {"type": "string"}}}}},
)
def index(request: Request, response: Response) -> Index | Response:
    """Lists what is here; to a browser, which likes HTML better, it is the live page."""
    if choose(",".join(request.headers.getlist("accept")), OFFERED) == HTML:
        document = page(request)
        document.headers["Vary"] = "Accept"
        return document
    response.headers["Vary"] = "Accept"
    return Index(name="earshot", version=__version__, paths=PATHS)
