"""One model by name: the versions in service, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import structlog

from earshot.serving.api import ModelState
from services.modelserver.errors import LoadError
from services.modelserver.metrics import SERVED_VERSION
from services.modelserver.model import ModelVersion
from services.modelserver.model_config import VersionPolicy
from services.modelserver.servable import Servable
from services.modelserver.version_folder import Fingerprint, VersionFolder

# From a model's name and the folder of a version.
Load: TypeAlias = Callable[[str, Path], ModelVersion]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class VersionStatus:
    """What became of a version; `error` says why one could not be served."""

    state: ModelState
    error: str = ""


class ServedModel:
    """Keeps the versions that are wanted and load in service.

    `update` and `close` are called by one thread at a time; the attributes may be read by any.

    Args:
        name: Of the model.
        load: Reads a version and warms it up.
        max_batch_rows: See `Batcher`.

    Attributes:
        servables: The versions in service, by number.
        labels: The version that each label points to.
        states: What became of each version ever seen, by number.
    """

    def __init__(self, name: str, load: Load, max_batch_rows: int) -> None:
        self.servables: Mapping[int, Servable] = {}
        self.labels: Mapping[str, int] = {}
        self.states: dict[int, VersionStatus] = {}
        self._name = name
        self._load = load
        self._max_batch_rows = max_batch_rows
        self._broken: dict[int, tuple[Path, Fingerprint]] = {}
        self._counted = ""  # the precision that the metric names

    @property
    def newest(self) -> Servable | None:
        """The newest version in service."""
        servables = self.servables
        return servables[max(servables)] if servables else None

    def update(
        self,
        folders: Sequence[VersionFolder],
        policy: VersionPolicy = VersionPolicy(),  # noqa: B008 (a frozen value)
        labels: Mapping[str, int] | None = None,
    ) -> None:
        """Puts the versions that are wanted and load into service, then retires the others.

        A version that failed, whatever its load raised, is tried again when its files have changed;
        one whose files changed while it was loaded counts as failed. While nothing that is wanted
        loads, what is in service stays; with nothing wanted on disk the model goes out of
        service. A label moves only to a version in service; until then it stays where it is.

        Args:
            folders: The versions on disk, newest first.
            policy: Which of them are wanted.
            labels: The version that each label should point to.
        """
        candidates = policy.candidates(folders)
        kept: dict[int, Servable] = {}
        for folder in candidates:
            if len(kept) == policy.num_latest:
                break
            if servable := self._in_service(folder) or self._try(folder):
                kept[folder.number] = servable
        self._replace(kept if kept or not candidates else self.servables, labels or {})

    def close(self) -> None:
        """Goes out of service after the requests that wait are answered."""
        self._replace({}, {})

    def _in_service(self, folder: VersionFolder) -> Servable | None:
        servable = self.servables.get(folder.number)
        return servable if servable and servable.path == folder.path else None

    def _try(self, folder: VersionFolder) -> Servable | None:
        fingerprint = folder.fingerprint()
        if self._broken.get(folder.number) == (folder.path, fingerprint):
            return None
        self._set_state(folder.number, ModelState.LOADING)
        started_s = monotonic()
        try:
            loaded = self._load_unchanged(folder, fingerprint)
        except Exception as error:  # of foreign files there is no list; all else stays in service
            self._broken[folder.number] = (folder.path, fingerprint)
            self._refuse(folder.number, error)
            return None
        self._broken.pop(folder.number, None)
        log.info(
            "version loaded",
            model=self._name,
            version=folder.number,
            runtime=loaded.runtime,
            precision=loaded.precision,
            seconds=round(monotonic() - started_s, 3),
        )
        return Servable(self._name, folder.number, folder.path, loaded, self._max_batch_rows)

    def _load_unchanged(self, folder: VersionFolder, fingerprint: Fingerprint) -> ModelVersion:
        """While a version is being copied, its card or its warm-up records may come last."""
        loaded = self._load(self._name, folder.path)
        if folder.fingerprint() != fingerprint:
            loaded.close()
            raise LoadError(f"{folder.path}: its files changed while they were loaded")
        return loaded

    def _refuse(self, version: int, error: Exception) -> None:
        is_understood = isinstance(error, LoadError)
        reason = str(error) if is_understood else f"{type(error).__name__}: {error}"
        self._set_state(version, ModelState.END, reason)
        log.error(
            "version not served",
            model=self._name,
            version=version,
            reason=reason,
            exc_info=not is_understood,
        )

    def _replace(self, kept: Mapping[int, Servable], labels: Mapping[str, int]) -> None:
        """In this order, so that at no time a label or the name alone finds nothing."""
        previous = self.servables
        self._serve({**previous, **kept})
        self._point(labels, kept)
        self._serve(kept)
        for number, servable in previous.items():
            if kept.get(number) is not servable:
                self._retire(servable)

    def _serve(self, servables: Mapping[int, Servable]) -> None:
        previous, self.servables = self.servables, servables
        for number, servable in servables.items():
            if previous.get(number) is not servable:
                self._set_state(number, ModelState.AVAILABLE)
        self._count()

    def _count(self) -> None:
        """One series per model: the precision changes when TensorFlow takes over, or gives back."""
        newest = self.newest
        if newest is None:
            return
        if self._counted not in ("", newest.loaded.precision):
            SERVED_VERSION.remove(self._name, self._counted)
        self._counted = newest.loaded.precision
        SERVED_VERSION.labels(self._name, self._counted).set(newest.version)

    def _retire(self, servable: Servable) -> None:
        number = servable.version
        is_gone = number not in self.servables  # else the same number from another folder follows
        if is_gone:
            self._set_state(number, ModelState.UNLOADING)
        servable.close()
        if is_gone:
            self._set_state(number, ModelState.END)
        log.info("version retired", model=self._name, version=number)

    def _point(self, labels: Mapping[str, int], kept: Mapping[int, Servable]) -> None:
        pointed = {}
        for label, wanted in labels.items():
            number = wanted if wanted in kept else self.labels.get(label)
            if number is not None:
                pointed[label] = number
        if pointed != self.labels:
            log.info("labels moved", model=self._name, labels=pointed)
        self.labels = pointed

    def _set_state(self, version: int, state: ModelState, error: str = "") -> None:
        """Replaces the dict, so that readers in other threads see one or the other."""
        self.states = {**self.states, version: VersionStatus(state, error)}
