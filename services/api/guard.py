"""Stands before every route: who asks, may they, and not too often?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from earshot.store.errors import StoreUnavailable
from services.api.auth import ANYONE, TRUSTED, Caller
from services.api.keyring import CACHED_FOR_S, Keyring
from services.api.limits import RateLimit, network_of
from services.api.loopback import names_loopback
from services.api.page_files import is_page
from services.api.problems import problem_response

COOKIE = "earshot_token"
_PROBES = frozenset({"/healthz", "/readyz"})  # never limited: whoever asks decides on restarts
_OPEN = _PROBES | {"/", "/openapi.json", "/v1/session"}
_METRICS = "/metrics"
MISSING = (
    "this needs a token: send it as `Authorization: Bearer TOKEN`; "
    "`earshot token create NAME --scope read` makes one"
)
ELSEWHERE = (
    "without tokens only this machine is served: ask for 127.0.0.1 or localhost, "
    "or set EARSHOT_API_REQUIRE_TOKENS"
)
INVALID = "the token is not valid: it is unknown, expired or revoked"
_AWAY = "the database cannot answer now; try again in a second, /readyz says what is missing"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """How the api is guarded.

    Attributes:
        asks_for_tokens: Whether callers need a token. Without, nobody is limited either.
        has_open_metrics: Whether `/metrics` needs none all the same.
        is_for_this_machine: Whether to refuse what was sent to another name: a web page whose name
            suddenly means 127.0.0.1 (DNS rebinding) would else read everything.
        rate_per_s: Requests per second of one token, or of one address without a valid one.
        max_body_bytes: The largest body of a request.
        cached_for_s: How long a token that was revoked may be valid yet.
    """

    asks_for_tokens: bool = False
    has_open_metrics: bool = True
    is_for_this_machine: bool = False
    rate_per_s: float = 50.0
    max_body_bytes: int = 1_048_576
    cached_for_s: float = CACHED_FOR_S


OPEN = Access()
"""To everybody, as on loopback."""


class Refused(Exception):
    """The request goes no further.

    Args:
        status: Of the answer.
        detail: One sentence.
        headers: Of the answer.
    """

    def __init__(self, status: int, detail: str, headers: dict[str, str]) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


class Guard:
    """ASGI middleware: notes the caller in the request's state, or answers 401, 421, 429 or 503.

    An address that has used up its requests without a valid token waits, whatever it sends: so
    guessing costs the database little. A valid token has a limit of its own.

    Args:
        app: The app inside.
        access: How to guard.
        keyring: Verifies tokens.
    """

    def __init__(self, app: ASGIApp, access: Access, keyring: Keyring) -> None:
        self._app, self._access, self._keyring = app, access, keyring
        self._open = _OPEN | ({_METRICS} if access.has_open_metrics else frozenset())
        self._limit = RateLimit(access.rate_per_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on a request of somebody who may ask."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            scope.setdefault("state", {})["caller"] = await self._admit(Request(scope))
        except Refused as no:
            answer = problem_response(no.status, no.detail, scope["path"][:80], no.headers)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _admit(self, request: Request) -> Caller:
        path = request.scope["path"]
        if path in _PROBES:
            return ANYONE
        if self._access.is_for_this_machine and not names_loopback(request.headers.get("host", "")):
            raise Refused(421, ELSEWHERE, {})
        if is_page(path):  # as cheap as a refusal, and one page is dozens of files
            return ANYONE
        if not self._access.asks_for_tokens:
            return TRUSTED
        address = f"address {network_of(request.client.host if request.client else '')}"
        self._check_rate(address)
        if path in self._open:
            self._limit.count(address)
            return ANYONE
        caller = await self._identify(request)
        if caller is None:
            self._limit.count(address)
            raise _unauthorised(request)
        self._check_rate(f"token {caller.name}")
        self._limit.count(f"token {caller.name}")
        return caller

    async def _identify(self, request: Request) -> Caller | None:
        text = presented_token(request)
        if text is None:
            return None
        try:
            verified = await self._keyring.verify(text)
        except StoreUnavailable as error:
            _log.warning("database away", path=request.scope["path"], reason=str(error))
            raise Refused(503, _AWAY, {"Retry-After": "1"}) from None
        return verified[0] if verified else None

    def _check_rate(self, client: str) -> None:
        wait_s = math.ceil(self._limit.wait_s(client))
        if wait_s:
            allowed = f"{self._access.rate_per_s:g} requests per second"
            detail = f"too many requests: {allowed} are allowed; try again in {wait_s} s"
            raise Refused(429, detail, {"Retry-After": str(wait_s)})


def presented_token(request: Request) -> str | None:
    """Returns what was sent as a token; None without one.

    The cookie counts for GET alone: a browser adds it to whatever another site makes it send.
    """
    sent = request.headers.getlist("authorization")
    if sent:
        scheme, _, text = sent[0].partition(" ")
        return text.strip() if len(sent) == 1 and scheme.lower() == "bearer" else None
    return request.cookies.get(COOKIE) if request.method == "GET" else None


def _unauthorised(request: Request) -> Refused:
    if presented_token(request) is None:
        return Refused(401, MISSING, {"WWW-Authenticate": "Bearer"})
    return Refused(401, INVALID, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
