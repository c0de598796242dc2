"""The paths of TensorFlow Serving's REST API.

Source: tensorflow_serving/model_servers/http_rest_api_handler.cc. Classify and regress are not
offered, as over gRPC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from earshot.serving.v1.predict_pb2 import ModelSpec
from services.modelserver.errors import InvalidInput

_MODEL = (
    r"/v1/models/(?P<name>[^/:]+)(?:/versions/(?P<version>\d{1,18})|/labels/(?P<label>[^/:]+))?"
)


class Method(StrEnum):
    """What is asked of a model."""

    STATUS = "rest_status"
    METADATA = "rest_metadata"
    PREDICT = "rest_predict"


_PATHS = (
    (Method.STATUS, "GET", re.compile(_MODEL)),
    (Method.METADATA, "GET", re.compile(f"{_MODEL}/metadata")),
    (Method.PREDICT, "POST", re.compile(f"{_MODEL}:predict")),
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a path asks for, and of which model."""

    method: Method
    spec: ModelSpec


def read_path(verb: str, path: str) -> Target:
    """What a request line asks for; a query is ignored.

    Raises:
        InvalidInput: Nothing that is offered.
    """
    for method, wanted_verb, pattern in _PATHS:
        match = pattern.fullmatch(path.partition("?")[0])
        if match and verb == wanted_verb:
            return Target(method, _spec(**match.groupdict()))
    raise InvalidInput(f"Malformed request: {verb} {path}")


def _spec(name: str, version: str | None, label: str | None) -> ModelSpec:
    spec = ModelSpec(name=name)
    if version is not None:
        spec.version.value = int(version)
    if label is not None:
        spec.version_label = label
    return spec
