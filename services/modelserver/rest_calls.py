"""The calls of TensorFlow Serving's REST API, from request to JSON document."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from earshot.serving import api
from earshot.serving.v1 import predict_pb2 as pb
from services.modelserver import errors
from services.modelserver.calls import get_model_metadata, get_model_status
from services.modelserver.compute import compute
from services.modelserver.json_tensors import read_document, read_tensors, write_tensors
from services.modelserver.metrics import REQUESTS
from services.modelserver.model import Model, Tensors
from services.modelserver.repository import Repository
from services.modelserver.rest_path import Method, read_path

Document = dict[str, Any]

# TensorFlow Serving's --rest_api_timeout_in_ms.
_TIMEOUT_S = 30.0

# Source: tensorflow_serving/model_servers/http_server.cc, ToHTTPStatusCode.
_CODES: dict[type[errors.RequestError], HTTPStatus] = {
    errors.InvalidInput: HTTPStatus.BAD_REQUEST,
    errors.OutputsUnwritable: HTTPStatus.BAD_REQUEST,
    errors.ModelNotFound: HTTPStatus.NOT_FOUND,
    errors.SignatureNotFound: HTTPStatus.BAD_REQUEST,
    errors.SignatureUnavailable: HTTPStatus.BAD_REQUEST,
    errors.StillLoading: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.QueueFull: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.CallerGone: HTTPStatus.GATEWAY_TIMEOUT,
    errors.InferenceFailed: HTTPStatus.INTERNAL_SERVER_ERROR,
}


class _Patient:
    """Who waits for an answer over HTTP: nobody says when it hangs up, so for a time at most."""

    def __init__(self) -> None:
        self._deadline_s = monotonic() + _TIMEOUT_S

    def time_remaining(self) -> float:
        return max(0.0, self._deadline_s - monotonic())

    def add_callback(self, _: Callable[[], None]) -> bool:
        return True


def answer(
    repository: Repository, verb: str, path: str, body: bytes = b""
) -> tuple[HTTPStatus, Document]:
    """Answers one request.

    Args:
        repository: The models in service.
        verb: `GET` or `POST`.
        path: As in the request line.
        body: Of a `POST`.

    Returns:
        The status, and the document: what was asked for, or `{"error": why not}`.
    """
    method = "rest"
    code, document = HTTPStatus.OK, Document()
    try:
        target = read_path(verb, path)
        method = target.method.value
        document = _METHODS[target.method](repository, target.spec, body)
    except errors.RequestError as error:
        code, document = _CODES[type(error)], {"error": str(error)}
    REQUESTS.labels(method, code.name).inc()
    return code, document


def _status(repository: Repository, spec: pb.ModelSpec, _: bytes) -> Document:
    request = pb.GetModelStatusRequest(model_spec=spec)
    return _to_document(get_model_status(repository, request, _Patient()))


def _metadata(repository: Repository, spec: pb.ModelSpec, _: bytes) -> Document:
    field = api.SIGNATURE_DEF_FIELD
    request = pb.GetModelMetadataRequest(model_spec=spec, metadata_field=[field])
    reply = get_model_metadata(repository, request, _Patient())
    signatures = pb.SignatureDefMap.FromString(reply.metadata[field].value)
    return {
        "model_spec": _to_document(reply.model_spec),
        "metadata": {field: _to_document(signatures)},
    }


def _predict(repository: Repository, spec: pb.ModelSpec, body: bytes) -> Document:
    document = read_document(body)
    spec.signature_name = document.get("signature_name", "")

    def read(model: Model) -> Tensors:
        return read_tensors(document, model.signature)

    _servable, outputs = compute(repository, spec, read, _Patient())
    return write_tensors(document, outputs)


_METHODS: dict[Method, Callable[[Repository, pb.ModelSpec, bytes], Document]] = {
    Method.STATUS: _status,
    Method.METADATA: _metadata,
    Method.PREDICT: _predict,
}


def _to_document(message: Message) -> Document:
    """The protobuf JSON form, with proto's names and defaults, as TensorFlow Serving prints it."""
    return MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
