"""Whether a token is valid, and what it allows: asked of the database, remembered for seconds."""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from dataclasses import replace

import anyio.to_thread
import structlog
from sqlalchemy import Engine

from earshot.access import all_included, parse_token, secret_hash
from earshot.store.errors import StoreUnavailable
from earshot.store.tokens import USE_NOTED_EVERY_NS, Token, find_token, note_use
from services.api.auth import Caller

CACHED_FOR_S = 5.0  # a token that was revoked is valid for so long at most
MAX_CACHED = 10_000  # ids; those that exist and those that do not
_NO_HASH = "0" * 64  # compared with when there is no such token, so that this takes as long

_log = structlog.get_logger(__name__)


class Keyring:
    """Verifies tokens. Everything happens on the event loop but the queries.

    Args:
        engine: The database.
        cached_for_s: How long an answer of the database holds.
    """

    def __init__(self, engine: Engine, cached_for_s: float = CACHED_FOR_S) -> None:
        self._engine, self._cached_for_s = engine, cached_for_s
        self._cached: OrderedDict[str, tuple[float, Token | None]] = OrderedDict()

    async def verify(self, text: str) -> tuple[Caller, Token] | None:
        """Returns whose token it is; None for every token that is not valid, whatever the reason.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        parsed = parse_token(text)
        if parsed is None:
            return None
        token_id, secret = parsed
        token = await self._find(token_id)
        now_ns = time.time_ns()
        is_same = hmac.compare_digest(secret_hash(secret), token.hash if token else _NO_HASH)
        if token is None or not is_same or not token.is_valid(now_ns):
            return None
        await self._note_use(token, now_ns)
        return Caller(token.id, all_included(token.scopes), text), token

    async def _find(self, token_id: str) -> Token | None:
        fresh_until_s, token = self._cached.get(token_id, (0.0, None))
        if time.monotonic() >= fresh_until_s:
            asked_at_s = time.monotonic()
            token = await anyio.to_thread.run_sync(find_token, self._engine, token_id)
            self._remember(token_id, token, asked_at_s)
        return token

    def _remember(self, token_id: str, token: Token | None, at_s: float) -> None:
        self._cached[token_id] = (at_s + self._cached_for_s, token)
        self._cached.move_to_end(token_id)
        if len(self._cached) > MAX_CACHED:
            self._cached.popitem(last=False)

    async def _note_use(self, token: Token, now_ns: int) -> None:
        if now_ns - (token.last_used_at_ns or 0) < USE_NOTED_EVERY_NS:
            return
        fresh_until_s, _ = self._cached.get(token.id, (0.0, None))
        noted = replace(
            token, last_used_at_ns=now_ns
        )  # first, so that requests meanwhile do not do the same
        self._remember(token.id, noted, fresh_until_s - self._cached_for_s)
        try:
            await anyio.to_thread.run_sync(note_use, self._engine, token.id, now_ns)
        except StoreUnavailable as error:  # the answer matters more
            _log.warning("use of a token not noted", token=token.id, reason=str(error))
