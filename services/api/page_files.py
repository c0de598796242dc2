"""The pages' files as answers: right types, lasting addresses, headers against foreign code.

The document names every file by an address with the edition's version, which a browser may keep
for ever, and all scripts of the view it opens with: they come at once, not one after the other's
`import`.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.api.page_edition import VERSION_CHARACTERS, Edition, Editions
from services.api.page_imports import scripts_of

VIEWS = {
    "live": ("live", ""),
    "events": ("events", "event"),
    "heat-map": ("heat_map", ""),
    "devices": ("devices", "device"),
    "devicehive": ("devicehive", ""),
}
"""The view of each first part of a path, and of one thing behind it; as in `pages/routes.js`."""
ADDRESSES = tuple(VIEWS)
FOLDER = Path(__file__).parent / "pages"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",  # kept, but asked for each time: a new version is seen at once
}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_FIRST_SCRIPT = b'<script type="module"'
_VERSIONED = re.compile(rf"([0-9a-f]{{{VERSION_CHARACTERS}}})/(.*)", re.DOTALL)

_editions = Editions(FOLDER, frozenset(MEDIA_TYPES))


def is_page(path: str) -> bool:
    """Returns whether a path is one of the pages' or of their files: they hold no data."""
    first = path.removeprefix("/").partition("/")[0]
    return first in ADDRESSES or first == "pages"


def page(request: Request) -> Response:
    """Returns the one document of all pages; its script draws what the address says."""
    edition = _editions.now()
    if "index.html" not in edition.files:
        raise HTTPException(404, "the pages are not installed")
    return _tagged(request, document(edition, request.scope["path"]), "index.html")


def page_file(request: Request, name: str) -> Response | None:
    """Returns a file as an answer: 304 when the client has it already.

    Args:
        request: Its `If-None-Match` counts.
        name: Path below the folder, with slashes, a version before it or none; whatever the client
            sent. With the version of another edition, as of a tab that is open since, it is the
            file of now, and not to be kept.

    Returns:
        None when there is no such file, or it is none of the pages'.
    """
    versioned = _VERSIONED.fullmatch(name)
    edition = _editions.of(versioned[1]) if versioned else None
    if versioned:
        name = versioned[2]
    content = (edition or _editions.now()).files.get(name)
    if content is None:
        return None
    if edition is None:
        return _tagged(request, content, name)
    return Response(content, headers={**HEADERS, **_FOR_EVER}, media_type=_media_type(name))


def document(edition: Edition, path: str) -> bytes:
    """Returns the document with this edition's addresses and the scripts of a path's view."""
    base = f'"/pages/{edition.version}/'.encode()
    links = [
        b'<link rel="modulepreload" href="/pages/%s">\n    ' % name.encode()
        for name in scripts_of(edition.files, "app.js", f"views/{view_of(path)}.js")
    ]
    text = edition.files["index.html"].replace(_FIRST_SCRIPT, b"".join(links) + _FIRST_SCRIPT, 1)
    return text.replace(b'"/pages/', base)


def view_of(path: str) -> str:
    """Returns the name of the view that a path opens with; that of `/` is the live page."""
    first, _, rest = path.strip("/").partition("/")
    of_all, of_one = VIEWS.get(first or "live", ("", ""))
    return of_one if rest else of_all


def _tagged(request: Request, content: bytes, name: str) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in _wanted_tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=_media_type(name))


def _media_type(name: str) -> str:
    return MEDIA_TYPES[Path(name).suffix]


def _wanted_tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
