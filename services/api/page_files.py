"""The pages' files as answers: right types, ETags, and headers that keep foreign code out."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

ADDRESSES = ("live", "events", "heat-map", "devices", "devicehive")
"""First parts of the pages' paths; `pages/routes.js` draws what is behind each."""
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


def is_page(path: str) -> bool:
    """Returns whether a path is one of the pages' or of their files: they hold no data."""
    first = path.removeprefix("/").partition("/")[0]
    return first in ADDRESSES or first == "pages"


def page(request: Request) -> Response:
    """Returns the one document of all pages; its script draws what the address says."""
    answer = page_file(request, "index.html")
    if answer is None:
        raise HTTPException(404, "the pages are not installed")
    return answer


def page_file(request: Request, name: str, folder: Path = FOLDER) -> Response | None:
    """Returns a file as an answer: 304 when the client has it already.

    Args:
        request: Its `If-None-Match` counts.
        name: Path below the folder, with slashes; whatever the client sent.
        folder: Where the files are.

    Returns:
        None when there is no such file, or it is none of the pages'.
    """
    content = _read(folder, name)
    if content is None:
        return None
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag}
    if tag in _wanted_tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=MEDIA_TYPES[Path(name).suffix])


def _read(folder: Path, name: str) -> bytes | None:
    """The tag is of the content, since installers set any time; so each is read each time."""
    if Path(name).suffix not in MEDIA_TYPES or "\x00" in name:
        return None
    try:
        path = (folder / name).resolve(strict=True)
        return path.read_bytes() if path.is_relative_to(folder.resolve()) else None
    except OSError:  # absent, a folder, a name too long
        return None


def _wanted_tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
