"""A browser's session: its token as a cookie, for the live feed, where it can set no header."""

from __future__ import annotations

import time

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.api.dependencies import Keys
from services.api.guard import COOKIE, INVALID
from services.api.problems import declared

router = APIRouter(prefix="/v1/session", tags=["session"])

LASTS_S = 30 * 86_400  # at most; a token that expires earlier takes the cookie with it
_NS_PER_S = 1_000_000_000


class SessionRequest(BaseModel):
    """The token to keep."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"token": "esk_k3v9x2ab_…"}]}
    )

    token: str = Field(description="A token of `earshot token create`.")


@router.post("", status_code=204, responses=declared(401, 413, 422, 429, 503))
async def begin_session(
    wanted: SessionRequest, keyring: Keys, request: Request, response: Response
) -> None:
    """Sets the token as a cookie that scripts cannot read and that other sites do not send.

    It is accepted instead of the header with GET alone, so with `/v1/stream` too.
    """
    verified = await keyring.verify(wanted.token)
    if verified is None:
        raise HTTPException(401, INVALID, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    caller, token = verified
    left_s = LASTS_S
    if token.expires_at_ns is not None:
        left_s = min(left_s, (token.expires_at_ns - time.time_ns()) // _NS_PER_S)
    response.set_cookie(
        COOKIE,
        caller.token_text,
        max_age=left_s,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


@router.delete("", status_code=204, responses=declared(429))
async def end_session(request: Request, response: Response) -> None:
    """Takes the cookie back; the token stays valid."""
    is_secure = request.url.scheme == "https"
    response.delete_cookie(COOKIE, secure=is_secure, httponly=True, samesite="strict")
