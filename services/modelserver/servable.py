"""A version in service: what answers to each of its signatures, and the queue before it."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from threading import Lock, Thread

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
        self._batchers: dict[str, Future[Batcher]] = {}
        self._changing = Lock()
        self._is_closed = False

    def batcher(self, signature_name: str) -> Future[Batcher]:
        """What computes a signature; the first call for one starts to load it, in the background.

        All who ask meanwhile get the same future: do not cancel it. A failure is not kept.

        Returns:
            What computes it, or SignatureNotFound, SignatureUnavailable or Retired.

        Raises:
            Retired: `close` was called.
        """
        with self._changing:
            if self._is_closed:
                raise Retired(self.name)
            if batcher := self._batchers.get(signature_name):
                return batcher
            batcher = Future()
            loading = Thread(target=self._load, args=[signature_name, batcher], daemon=True)
            loading.start()
            self._batchers[signature_name] = batcher
            return batcher

    def close(self) -> None:
        """Takes no more requests, answers those that wait, and gives memory back."""
        with self._changing:
            self._is_closed = True
            batchers, self._batchers = list(self._batchers.values()), {}
        for batcher in batchers:
            if not batcher.exception():
                batcher.result().close()
        self.loaded.close()

    def _load(self, signature_name: str, batcher: Future[Batcher]) -> None:
        try:
            loaded = Batcher(self.name, self.loaded.model(signature_name), self._max_batch_rows)
        except Exception as error:  # whatever it is, no caller may be left waiting
            with self._changing:
                self._batchers.pop(signature_name, None)
            batcher.set_exception(error)
        else:
            batcher.set_result(loaded)
