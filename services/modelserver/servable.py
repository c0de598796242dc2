"""A version in service: what answers to each of its signatures, and the queue before it."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from services.modelserver.batching import Batcher
from services.modelserver.errors import Retired
from services.modelserver.model import ModelVersion


class Servable:
    """A version in service.

    Args:
        name: Of the model.
        version: Its number.
        path: Where it was read from.
        loaded: What computes.
        max_batch_rows: See `Batcher`.

    Attributes:
        name: Of the model.
        version: Its number.
        path: Where it was read from.
        loaded: What computes.
    """

    def __init__(
        self, name: str, version: int, path: Path, loaded: ModelVersion, max_batch_rows: int
    ) -> None:
        self.name, self.version, self.path, self.loaded = name, version, path, loaded
        self._max_batch_rows = max_batch_rows
        self._batchers: dict[str, Batcher] = {}
        self._changing = Lock()
        self._is_closed = False

    def batcher(self, signature_name: str) -> Batcher:
        """What computes a signature; the first call for one may take seconds.

        Raises:
            SignatureNotFound: The version has no such signature.
            SignatureUnavailable: It has, but nothing here can run it.
            Retired: `close` was called.
        """
        with self._changing:
            if batcher := self._find(signature_name):
                return batcher
        model = self.loaded.model(signature_name)  # others need not wait for it
        with self._changing:
            if batcher := self._find(signature_name):
                return batcher
            batcher = Batcher(self.name, model, self._max_batch_rows)
            self._batchers[signature_name] = batcher
            return batcher

    def close(self) -> None:
        """Takes no more requests, answers those that wait, and gives memory back."""
        with self._changing:
            self._is_closed = True
        for batcher in self._batchers.values():
            batcher.close()
        self.loaded.close()

    def _find(self, signature_name: str) -> Batcher | None:
        if self._is_closed:
            raise Retired(self.name)
        return self._batchers.get(signature_name)
