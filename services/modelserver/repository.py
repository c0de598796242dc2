"""The models in service, kept as the models folder or a configuration says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import structlog

from services.modelserver.errors import (
    BadConfig,
    InvalidInput,
    ModelNotFound,
    ReloadIncomplete,
    RequestError,
    StillLoading,
)
from services.modelserver.model_config import ModelConfig
from services.modelserver.servable import Servable
from services.modelserver.served_model import Load, ServedModel, VersionStatus
from services.modelserver.version_folder import VersionFolder, find_versions, list_versions

log = structlog.get_logger(__name__)


_Found: TypeAlias = dict[str, tuple[ModelConfig, list[VersionFolder] | None]]


class Repository:
    """The models of one folder, or those of a configuration.

    `poll`, `reload` and `close` wait for each other; everything may be called by any thread.

    Args:
        models_dir: Folder of `<name>/<integer version>/`.
        load: Reads a version and warms it up.
        max_batch_rows: See `Batcher`.
        configs: The models to serve; when None all in `models_dir`, each in its newest version.
    """

    def __init__(
        self,
        models_dir: Path,
        load: Load,
        max_batch_rows: int,
        configs: Mapping[str, ModelConfig] | None = None,
    ) -> None:
        self._models_dir = models_dir
        self._load = load
        self._max_batch_rows = max_batch_rows
        self._configs = configs
        self._roots = [models_dir, *(each.base_path for each in (configs or {}).values())]
        self._models: dict[str, ServedModel] = {}
        self._found: frozenset[str] | None = None  # None until the first poll is over
        self._changing = Lock()

    def poll(self) -> None:
        """Takes new versions into service; nothing changes where a folder cannot be read."""
        with self._changing:
            self._update()

    def reload(self, configs: Mapping[str, ModelConfig]) -> None:
        """Serves what a new configuration says; models that it leaves out go out of service.

        Raises:
            BadConfig: A model lies outside the models folder and the configuration of the start:
                callers must not make the server read other places. Nothing has changed.
            ReloadIncomplete: A model has no version in service, or a label points to a version
                that is not; the configuration is in force all the same.
        """
        for config in configs.values():
            path = config.base_path.resolve()
            if not any(path.is_relative_to(root.resolve()) for root in self._roots):
                raise BadConfig(f"model {config.name}: base_path is outside the models folder")
        with self._changing:
            self._configs = configs
            self._update()
            problems = [line for each in configs.values() for line in self._problems(each)]
        if problems:
            raise ReloadIncomplete("; ".join(problems))

    def close(self) -> None:
        """Takes every model out of service; requests that wait are answered first."""
        with self._changing:
            for model in self._models.values():
                model.close()

    def servable(self, name: str, version: int | None = None) -> Servable:
        """A version in service.

        Args:
            name: Of the model.
            version: The only version that will do; the newest when None.

        Raises:
            ModelNotFound: There is none, or not this one.
            StillLoading: The same, before the first poll is over.
        """
        model = self._models.get(name)
        servable = None
        if model:
            servable = model.newest if version is None else model.servables.get(version)
        if servable is None:
            wanted = f"Latest({name})" if version is None else f"Specific({name}, {version})"
            raise self._not_found(f"Servable not found for request: {wanted}")
        return servable

    def labelled(self, name: str, label: str) -> int:
        """The version that a label points to.

        Raises:
            InvalidInput: The model has no such label.
        """
        model = self._models.get(name)
        if model and label in model.labels:
            return model.labels[label]
        raise InvalidInput(f"Unrecognized servable version label: {label}")

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
        """Whether each model that should be served is in service; empty before the first poll."""
        if self._found is None:
            return {}
        return {
            name: bool(model.servables)
            for name, model in self._models.items()
            if name in self._found
        }

    def _update(self) -> None:
        try:
            found = self._find()
        except OSError as error:
            log.error("models folder not read", path=str(self._models_dir), reason=error.strerror)
            return
        for name in found.keys() - self._models.keys():
            model = ServedModel(name, self._load, self._max_batch_rows)
            self._models = {**self._models, name: model}
        for name, model in self._models.items():
            if name not in found:
                model.update([])
                continue
            config, folders = found[name]
            if folders is not None:
                model.update(folders, config.policy, config.labels)
        self._found = frozenset(found)

    def _find(self) -> _Found:
        """The models wanted, with what lies on disk; None where that cannot be read."""
        if self._configs is None:
            found = find_versions(self._models_dir)
            return {
                name: (ModelConfig(name, self._models_dir / name), folders)
                for name, folders in found.items()
            }
        return {name: (config, _list(config)) for name, config in self._configs.items()}

    def _problems(self, config: ModelConfig) -> Iterator[str]:
        """What of a configuration is not served, in TensorFlow Serving's words."""
        model = self._models[config.name]
        if not model.servables:
            reasons = "; ".join(each.error for each in model.states.values() if each.error)
            reason = reasons or f"no such version in {config.base_path}"
            yield (
                f"1 servable(s) did not become available: "
                f"{{name: {config.name}}} due to error: {reason}"
            )
        for number in config.labels.values():
            if number not in model.servables:
                yield (
                    f"Request to assign label to version {number} of model {config.name}, "
                    "which is not currently available for inference"
                )

    def _not_found(self, sentence: str) -> RequestError:
        """A caller that waits for the server to start must not take the model for missing."""
        if self._found is None:
            return StillLoading(f"{sentence}; models are still being loaded")
        return ModelNotFound(sentence)


def _list(config: ModelConfig) -> list[VersionFolder] | None:
    try:
        return list_versions(config.base_path)
    except OSError as error:
        path, reason = str(config.base_path), error.strerror
        log.error("base path not read", model=config.name, path=path, reason=reason)
        return None
