"""How much a client may ask: requests per second, and bytes per request."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.problems import problem_response

BURST_S = 2.0  # a client that was quiet may send what it may send in so long at once
MAX_CLIENTS = 10_000  # remembered; one that is forgotten begins anew
_IPV6_NETWORK_BITS = 64  # one customer's, who may take any address in it
_CLOSE = {"Connection": "close"}  # the rest of the body is not read


class RateLimit:
    """A bucket of allowed requests for each client, which fills with time. For one thread.

    Args:
        per_s: How fast a bucket fills.
        clock_s: Seconds that only go forward.
    """

    def __init__(self, per_s: float, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._per_s, self._clock_s = per_s, clock_s
        self._most = max(1.0, per_s * BURST_S)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, client: str) -> float:
        """Returns in how many seconds this client may ask; 0: now."""
        return max(0.0, (1.0 - self._allowed(client)) / self._per_s)

    def count(self, client: str) -> None:
        """Counts a request."""
        self._buckets[client] = (self._allowed(client) - 1.0, self._clock_s())
        self._buckets.move_to_end(client)
        if len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)

    def _allowed(self, client: str) -> float:
        allowed, at_s = self._buckets.get(client, (self._most, 0.0))
        return min(self._most, allowed + (self._clock_s() - at_s) * self._per_s)


def network_of(address: str) -> str:
    """Returns whose address it is: itself, or the /64 that an IPv6 address is in."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{int(parsed) >> (128 - _IPV6_NETWORK_BITS):x}/{_IPV6_NETWORK_BITS}"


class BodyLimit:
    """ASGI middleware: refuses a body that is too large, with or without Content-Length.

    Args:
        app: The app inside, which answers an HTTPException that a read of the body raises.
        max_bytes: The largest body.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app, self._max_bytes = app, max_bytes
        self._sentence = f"the body is too large: at most {max_bytes:,} bytes are allowed"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and its body as far as it is allowed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > self._max_bytes:
            answer = problem_response(413, self._sentence, scope["path"][:80], _CLOSE)
            await answer(scope, receive, send)
            return
        await self._app(scope, *self._counting(receive, send))

    def _counting(self, receive: Receive, send: Send) -> tuple[Receive, Send]:
        num_bytes, has_answered = 0, False

        async def receive_some() -> Message:
            nonlocal num_bytes
            message = await receive()
            num_bytes += len(message.get("body", b""))
            if num_bytes <= self._max_bytes:
                return message
            if has_answered:
                return {"type": "http.disconnect"}
            raise HTTPException(413, self._sentence, _CLOSE)

        async def note_answer(message: Message) -> None:
            nonlocal has_answered
            has_answered = has_answered or message["type"] == "http.response.start"
            await send(message)

        return receive_some, note_answer
