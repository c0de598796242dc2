"""The Lua scripts: loaded once, called by their hash, loaded again when the broker forgot them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import Any

import redis

# Hand-offs and what they need go on when the broker's memory is full: they are what empties it.
# Appends do not: the broker refuses them, and the producer is told FULL.
ALLOWED_WHEN_FULL = ("hand_off", "bury", "skip", "trim", "relay", "leave")


def source_of(name: str) -> bytes:
    """Returns a script's whole text: its flags, the shared functions, its own lines."""
    folder = resources.files("earshot.streams") / "lua"
    shared, own = ((folder / f"{part}.lua").read_text() for part in ("shared", name))
    flags = " flags=allow-oom" if name in ALLOWED_WHEN_FULL else ""
    return f"#!lua{flags}\n{shared}\n{own}".encode()


class Scripts:
    """Runs scripts by name."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client
        names = ("append", *ALLOWED_WHEN_FULL)
        self._sources = {name: source_of(name) for name in names}
        # Redis names scripts by SHA-1; nothing here depends on its strength.
        self._hashes = {
            name: hashlib.sha1(source, usedforsecurity=False).hexdigest()
            for name, source in self._sources.items()
        }

    def run(self, name: str, keys: Sequence[str], arguments: Sequence[Any]) -> Any:
        """Runs one script and returns its reply."""
        return self.run_many(name, [(keys, arguments)])[0]

    def run_many(
        self, name: str, calls: Sequence[tuple[Sequence[str], Sequence[Any]]]
    ) -> list[Any]:
        """Runs a script for each call in one round trip; raises the first error among them."""
        replies = self._send(name, calls)
        missing = [
            index
            for index, reply in enumerate(replies)
            if isinstance(reply, redis.exceptions.NoScriptError)
        ]
        if missing:
            self._client.script_load(self._sources[name].decode())
            again = self._send(name, [calls[index] for index in missing])
            for index, reply in zip(missing, again, strict=True):
                replies[index] = reply
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return replies

    def _send(self, name: str, calls: Sequence[tuple[Sequence[str], Sequence[Any]]]) -> list[Any]:
        pipeline: Any = self._client.pipeline(transaction=False)
        for keys, arguments in calls:
            pipeline.execute_command("EVALSHA", self._hashes[name], len(keys), *keys, *arguments)
        return list(pipeline.execute(raise_on_error=False))
