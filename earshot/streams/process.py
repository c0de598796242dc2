"""A process of reading loops: one thread each, ended together by a signal or by a defect."""

from __future__ import annotations

import os
import secrets
import signal
import socket
from collections.abc import Sequence
from threading import Event, Thread
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)


class Loop(Protocol):
    """Something that runs until it is stopped."""

    def run(self) -> None:
        """Returns once the stop is set."""


def consumer_name() -> str:
    """Returns a name that no other process has, and that tells where to look for this one."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


def stop_on_signals(stop: Event) -> None:
    """Sets the stop at SIGTERM and SIGINT. To be called from the main thread."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())


def run_loops(loops: Sequence[Loop], stop: Event) -> bool:
    """Runs loops, one per partition, until the stop is set.

    A loop that dies must not leave its partition to nobody: all others are stopped then.

    Returns:
        False when a loop ended by an unexpected error.
    """
    failed = Event()

    def guard(partition: int, loop: Loop) -> None:
        structlog.contextvars.bind_contextvars(partition=partition)
        try:
            loop.run()
        except BaseException:
            log.exception("the loop failed")
            failed.set()
            stop.set()

    threads = [
        Thread(target=guard, args=(partition, loop), name=f"partition-{partition}")
        for partition, loop in enumerate(loops)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return not failed.is_set()
