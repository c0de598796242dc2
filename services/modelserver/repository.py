"""The models in service, kept as the models folder says."""

from __future__ import annotations

from pathlib import Path

import structlog

from services.modelserver.errors import ModelNotFound, RequestError, StillLoading
from services.modelserver.served_model import Load, Servable, ServedModel, VersionStatus
from services.modelserver.version_folder import find_versions

log = structlog.get_logger(__name__)


class Repository:
    """All models of one folder.

    `poll` and `close` are called by one thread; the rest by any.

    Args:
        models_dir: Folder of `<name>/<integer version>/`.
        load: Reads a version and warms it up.
        max_batch_rows: See `Batcher`.
    """

    def __init__(self, models_dir: Path, load: Load, max_batch_rows: int) -> None:
        self._models_dir = models_dir
        self._load = load
        self._max_batch_rows = max_batch_rows
        self._models: dict[str, ServedModel] = {}
        self._found: frozenset[str] | None = None  # None until the first poll is over

    def poll(self) -> None:
        """Takes new versions into service; nothing changes when the folder cannot be read."""
        try:
            found = find_versions(self._models_dir)
        except OSError as error:
            log.error("models folder not read", path=str(self._models_dir), reason=error.strerror)
            return
        for name in found.keys() - self._models.keys():
            model = ServedModel(name, self._load, self._max_batch_rows)
            self._models = {**self._models, name: model}
        for name, model in self._models.items():
            model.update(found.get(name, ()))
        self._found = frozenset(found)

    def close(self) -> None:
        """Takes every model out of service; requests that wait are answered first."""
        for model in self._models.values():
            model.close()

    def servable(self, name: str, version: int | None = None) -> Servable:
        """The version in service.

        Args:
            name: Of the model.
            version: The only version that will do; any when None.

        Raises:
            ModelNotFound: There is none, or another version is in service.
            StillLoading: The same, before the first poll is over.
        """
        model = self._models.get(name)
        servable = model.servable if model else None
        if servable is None or version not in (None, servable.version):
            wanted = f"Latest({name})" if version is None else f"Specific({name}, {version})"
            raise self._not_found(f"Servable not found for request: {wanted}")
        return servable

    def states(self, name: str, version: int | None = None) -> list[tuple[int, VersionStatus]]:
        """What became of each version, newest first, or of one version alone.

        Raises:
            ModelNotFound: Nothing is known of the model, or of that version.
            StillLoading: Nothing is known of the model before the first poll is over.
        """
        model = self._models.get(name)
        states = model.states if model else {}
        if not states:
            raise self._not_found(f"Could not find any versions of model {name}")
        if version is None:
            return sorted(states.items(), reverse=True)
        if version not in states:
            raise ModelNotFound(f"Could not find version {version} of model {name}")
        return [(version, states[version])]

    def availability(self) -> dict[str, bool]:
        """Whether each model in the folder is in service; empty before the first poll."""
        if self._found is None:
            return {}
        return {
            name: model.servable is not None
            for name, model in self._models.items()
            if name in self._found
        }

    def _not_found(self, sentence: str) -> RequestError:
        """A caller that waits for the server to start must not take the model for missing."""
        if self._found is None:
            return StillLoading(f"{sentence}; models are still being loaded")
        return ModelNotFound(sentence)
