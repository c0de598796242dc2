"""ETag and If-Match (RFC 9110): a change is made to what its sender has seen, or not at all."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from earshot.store.device_changes import ANY_VERSION

_NONE = ""  # no version is like this


def etag(version: str) -> str:
    """Returns the header's value for a version."""
    return f'"{version}"'


async def _wanted_version(
    if_match: Annotated[
        str | None,
        Header(description="The `ETag` of the version to change; `*`: of any; else 412."),
    ] = None,
) -> str | None:
    if if_match is None:
        return None
    tag = if_match.strip()
    if tag == ANY_VERSION:
        return tag
    is_strong = len(tag) > len('""') and tag[0] == tag[-1] == '"'
    return tag[1:-1] if is_strong else _NONE


IfMatch = Annotated[str | None, Depends(_wanted_version)]
"""The version that a change is meant for; `*`: any that there is; None: any, or none."""
