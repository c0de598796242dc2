"""What a route asks of its caller: a scope, and a name for the log of changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, cast

from fastapi import Depends, HTTPException, Request, Security
from fastapi.security import HTTPBearer

from earshot.access import LOCAL, Scope

_BEARER = HTTPBearer(
    scheme_name="token",
    bearerFormat="esk_<id>_<secret>",
    description=(
        "A token of `earshot token create`. Asked for on every address but loopback, and there "
        "when EARSHOT_API_REQUIRE_TOKENS is set; `operate` includes `read`, `admin` all. "
        "Browsers may send it with GET as the cookie of `POST /v1/session` instead."
    ),
    auto_error=False,  # declares only: the guard has looked at the token before
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        name: Id of the token, or `local` where none is asked for.
        scopes: What it may do, with all that is included.
        token_text: The token as it was sent; empty without one.
    """

    name: str
    scopes: frozenset[Scope]
    token_text: str = field(default="", repr=False)


TRUSTED = Caller(LOCAL, frozenset(Scope))
"""Where no token is asked for."""
ANYONE = Caller("anyone", frozenset({Scope.READ}))
"""At the addresses that are open to all."""


async def _caller(request: Request) -> Caller:
    return cast(Caller, request.state.caller)


async def _actor(caller: Annotated[Caller, Depends(_caller)]) -> str:
    return caller.name


Asking = Annotated[Caller, Depends(_caller)]
"""Who asks, as the guard has found out."""
Actor = Annotated[str, Depends(_actor)]
"""The caller's name for the log of changes: the id of its token, or `local`."""


@dataclass(frozen=True, slots=True)
class _Requirement:
    scope: Scope

    async def __call__(self, caller: Asking, _declared: Annotated[Any, Depends(_BEARER)]) -> None:
        if self.scope in caller.scopes:
            return
        raise HTTPException(
            403,
            f"this needs a token with the scope {self.scope}",
            {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope}"'},
        )


def require(scope: str) -> Any:
    """Returns the dependency of a route that asks for this scope: read, ingest, operate, admin."""
    return Security(_Requirement(Scope(scope)), scopes=[scope])
