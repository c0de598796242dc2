"""Which model and version a request means."""

from __future__ import annotations

from earshot.serving.v1.predict_pb2 import ModelSpec
from services.modelserver.errors import ModelNotFound
from services.modelserver.repository import Repository
from services.modelserver.servable import Servable


def find_servable(repository: Repository, spec: ModelSpec) -> Servable:
    """The version in service that a request names.

    Raises:
        RequestError: There is none; says what was looked for.
    """
    while True:
        wanted = name_and_version(repository, spec)
        try:
            return repository.servable(*wanted)
        except ModelNotFound:
            if wanted == name_and_version(repository, spec):
                raise  # else the label has just moved on from a version that retired


def name_and_version(repository: Repository, spec: ModelSpec) -> tuple[str, int | None]:
    """Name and number; a label stands for the number it points to, neither for None.

    Raises:
        RequestError: The model has no such label.
    """
    if spec.HasField("version_label"):
        return spec.name, repository.labelled(spec.name, spec.version_label)
    return spec.name, spec.version.value if spec.HasField("version") else None
