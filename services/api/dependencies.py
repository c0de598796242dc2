"""What routes need from the app, as types."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy import Engine

from services.api.readiness import Check


async def _engine(request: Request) -> Engine:
    return cast(Engine, request.app.state.engine)


async def _checks(request: Request) -> dict[str, Check]:
    return cast(dict[str, Check], request.app.state.checks)


Database = Annotated[Engine, Depends(_engine)]
Checks = Annotated[dict[str, Check], Depends(_checks)]
