"""Ports on loopback that stay ours while a process is being started again."""

from __future__ import annotations

import random
import socket
from pathlib import Path

LOWEST = 10_000
TRIES = 1_000
_EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_LOW = 32_768  # Linux' default


def is_free(port: int) -> bool:
    """Returns whether a server could listen on 127.0.0.1:port now."""
    with socket.socket() as probe:
        # As servers do: connections that were closed a moment ago do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Returns a free port below those that the kernel gives to outgoing connections.

    From among those, a client that tries to reach a server which is just being started again may
    be given the server's own port, and be connected to itself.
    """
    highest = _first_ephemeral() - 1
    for _ in range(TRIES if highest > LOWEST else 0):
        port = random.randint(LOWEST, highest)
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def next_free_port(first: int) -> int:
    """Returns the first free port from `first` on, or any when there is none."""
    return next((port for port in range(first, 65_536) if is_free(port)), 0) or free_port()


def _first_ephemeral() -> int:
    try:
        return int(_EPHEMERAL_RANGE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return _USUAL_LOW
