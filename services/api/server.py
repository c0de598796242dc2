"""Listens and serves until told to stop."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable

import structlog
import uvicorn
from fastapi import FastAPI

from earshot.settings import SettingsError

GRACE_S = 1  # how long a request in flight may take to finish after SIGTERM


def listen(host: str, port: int) -> socket.socket:
    """Returns a socket that accepts connections from now on; they wait until `serve` runs.

    Raises:
        SettingsError: The address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # which repeats the address
        raise SettingsError(f"EARSHOT_API_PORT={port}: cannot listen on {host}: {reason}") from None
    # Connections take it over; asyncio sets it only where the socket names its protocol, which this
    # one does not. Without, a body waits 40 ms for the client to acknowledge its headers.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class Server(uvicorn.Server):
    """Ends endless responses before it waits for all of them to finish."""

    before_shutdown: Callable[[], None] | None = None

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Called by the server once it was told to stop."""
        if self.before_shutdown is not None:
            self.before_shutdown()
        await super().shutdown(sockets)


def serve(
    app: FastAPI, listener: socket.socket, before_shutdown: Callable[[], None] | None = None
) -> None:
    """Answers requests until SIGTERM or SIGINT, then lets those in flight finish and returns.

    Args:
        app: What answers.
        listener: From `listen`.
        before_shutdown: Called on the event loop first; ends what would never end by itself.
    """
    host, port = listener.getsockname()[:2]
    structlog.get_logger(__name__).info("api listening", host=host, port=port)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = Server(config)
    server.before_shutdown = before_shutdown
    server.run(sockets=[listener])


def exit_cleanly_on_signals() -> None:
    """Makes a stop on request an exit with code 0.

    The server sends itself the signal again once it has shut down, which would otherwise count as
    a death by that signal.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
