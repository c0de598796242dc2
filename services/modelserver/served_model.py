"""One model by name: the version in service, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import structlog

from earshot.serving.api import ModelState
from services.modelserver.batching import Batcher
from services.modelserver.errors import LoadError
from services.modelserver.metrics import SERVED_VERSION
from services.modelserver.model import Model
from services.modelserver.version_folder import Fingerprint, VersionFolder

Load: TypeAlias = Callable[[Path], Model]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Servable:
    """A version in service."""

    name: str
    version: int
    model: Model
    batcher: Batcher


@dataclass(frozen=True, slots=True)
class VersionStatus:
    """What became of a version; `error` says why one could not be served."""

    state: ModelState
    error: str = ""


class ServedModel:
    """Keeps the newest version that loads in service.

    `update` and `close` are called by one thread; the attributes may be read by any.

    Args:
        name: Of the model.
        load: Reads a version and warms it up.
        max_batch_rows: See `Batcher`.

    Attributes:
        servable: The version in service; None when there is none.
        states: What became of each version ever seen, by number.
    """

    def __init__(self, name: str, load: Load, max_batch_rows: int) -> None:
        self.servable: Servable | None = None
        self.states: dict[int, VersionStatus] = {}
        self._name = name
        self._load = load
        self._max_batch_rows = max_batch_rows
        self._broken: dict[int, Fingerprint] = {}

    def update(self, folders: Sequence[VersionFolder]) -> None:
        """Puts the newest version that loads into service, then retires the one before.

        A version that failed is tried again when its files have changed. Without any version left
        on disk the model goes out of service.

        Args:
            folders: The versions on disk, newest first.
        """
        for folder in folders:
            if self.servable and self.servable.version == folder.number:
                return
            if servable := self._try(folder):
                self._replace(servable)
                return
        if not folders:
            self._replace(None)

    def close(self) -> None:
        """Goes out of service after the requests that wait are answered."""
        self._replace(None)

    def _try(self, folder: VersionFolder) -> Servable | None:
        fingerprint = folder.fingerprint()
        if self._broken.get(folder.number) == fingerprint:
            return None
        self._set_state(folder.number, ModelState.LOADING)
        started_s = monotonic()
        try:
            model = self._load(folder.path)
        except LoadError as error:
            self._broken[folder.number] = fingerprint
            self._set_state(folder.number, ModelState.END, str(error))
            log.error(
                "version not served", model=self._name, version=folder.number, reason=str(error)
            )
            return None
        self._broken.pop(folder.number, None)
        log.info(
            "version loaded",
            model=self._name,
            version=folder.number,
            precision=model.precision,
            seconds=round(monotonic() - started_s, 3),
        )
        batcher = Batcher(self._name, model, self._max_batch_rows)
        return Servable(self._name, folder.number, model, batcher)

    def _replace(self, servable: Servable | None) -> None:
        previous, self.servable = self.servable, servable
        if servable:
            self._set_state(servable.version, ModelState.AVAILABLE)
            SERVED_VERSION.labels(self._name, servable.model.precision).set(servable.version)
        if previous:
            self._set_state(previous.version, ModelState.UNLOADING)
            previous.batcher.close()
            self._set_state(previous.version, ModelState.END)
            log.info("version retired", model=self._name, version=previous.version)

    def _set_state(self, version: int, state: ModelState, error: str = "") -> None:
        """Replaces the dict, so that readers in other threads see one or the other."""
        self.states = {**self.states, version: VersionStatus(state, error)}
