"""What routes need from the app, as types."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, HTTPException, Request
from sqlalchemy import Engine

from earshot.events.taxonomy import Taxonomy
from services.api.hearing import HearingHub
from services.api.keyring import Keyring
from services.api.live import LiveHub
from services.api.readiness import Check
from services.api.rescorer_source import RescorerSource


async def _engine(request: Request) -> Engine:
    return cast(Engine, request.app.state.engine)


async def _checks(request: Request) -> dict[str, Check]:
    return cast(dict[str, Check], request.app.state.checks)


async def _keys(request: Request) -> Keyring:
    return cast(Keyring, request.app.state.keyring)


async def _taxonomy(request: Request) -> Taxonomy:
    return cast(Taxonomy, request.app.state.taxonomy)


async def _live(request: Request) -> LiveHub:
    live = cast(LiveHub | None, request.app.state.live)
    if live is None:
        raise HTTPException(
            503, "the live feed needs the broker: set EARSHOT_REDIS_URL for the api"
        )
    return live


async def _hearing(request: Request) -> HearingHub:
    hearing = cast(HearingHub | None, request.app.state.hearing)
    if hearing is None:
        raise HTTPException(
            503, "what is heard now comes from the broker: set EARSHOT_REDIS_URL for the api"
        )
    return hearing


async def _rescorer(request: Request) -> RescorerSource | None:
    return cast(RescorerSource | None, request.app.state.rescorer)


Database = Annotated[Engine, Depends(_engine)]
Checks = Annotated[dict[str, Check], Depends(_checks)]
Keys = Annotated[Keyring, Depends(_keys)]
Known = Annotated[Taxonomy, Depends(_taxonomy)]
Live = Annotated[LiveHub, Depends(_live)]
Listening = Annotated[HearingHub, Depends(_hearing)]
Rescoring = Annotated[RescorerSource | None, Depends(_rescorer)]
