"""When a live feed is over: its own reasons, or its token is no longer valid."""

from __future__ import annotations

import asyncio

import anyio
import structlog

from earshot.store.errors import StoreUnavailable
from services.api.auth import Caller
from services.api.keyring import Keyring

CHECKED_EVERY_S = 30.0  # at most; a revoked token loses its feeds after this and the cache's time

_log = structlog.get_logger(__name__)


async def until_over(
    ended: asyncio.Event, keyring: Keyring, caller: Caller, heartbeat_s: float
) -> None:
    """Returns when the feed has ended, or its token has.

    Args:
        ended: Set when the feed is over.
        keyring: Verifies tokens.
        caller: Who follows the feed.
        heartbeat_s: How often to look at the token, unless that is too seldom.
    """
    while not ended.is_set():
        with anyio.move_on_after(min(heartbeat_s, CHECKED_EVERY_S)):
            await ended.wait()
        if caller.token_text and not ended.is_set() and not await _is_valid(keyring, caller):
            _log.info("live feed ended: its token is no longer valid", token=caller.name)
            return


async def _is_valid(keyring: Keyring, caller: Caller) -> bool:
    try:
        return await keyring.verify(caller.token_text) is not None
    except StoreUnavailable:
        return True  # nobody can say; we ask again
