"""The three calls of TensorFlow Serving's API that Earshot answers, from message to message.

Source of the wording: tensorflow_serving/core/manager.h, model_servers/server_core.cc,
model_servers/get_model_status_impl.cc, servables/tensorflow/get_model_metadata_impl.cc.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Protocol

from google.protobuf.any_pb2 import Any

from earshot.serving import api
from earshot.serving.v1 import predict_pb2 as pb
from services.modelserver.errors import CallerGone, InvalidInput, Retired
from services.modelserver.model import Tensors
from services.modelserver.predict import model_spec, read_inputs, write_reply
from services.modelserver.repository import Repository
from services.modelserver.served_model import Servable, VersionStatus

_ERROR_OF_BROKEN_VERSION = 9  # gRPC's FAILED_PRECONDITION

Request = pb.PredictRequest | pb.GetModelMetadataRequest | pb.GetModelStatusRequest


class Caller(Protocol):
    """Who waits for an answer; gRPC's ServicerContext is one."""

    def time_remaining(self) -> float | None:
        """Seconds until the caller gives up; None when it never does."""
        ...

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """Calls back when the caller is gone or answered; False when it is gone already."""
        ...


def predict(
    repository: Repository, request: pb.PredictRequest, caller: Caller
) -> pb.PredictResponse:
    """Computes the outputs of a model, in one batch with whatever else waits.

    Raises:
        RequestError: The request cannot be answered; says why.
    """
    while True:
        servable = _servable(repository, request)
        inputs = read_inputs(request, servable.model)
        try:
            outputs = servable.batcher.submit(inputs)
        except Retired:  # since it was looked up; its successor is in service already
            continue
        return write_reply(request, servable, _wait(outputs, caller))


def get_model_metadata(
    repository: Repository, request: pb.GetModelMetadataRequest, _: Caller
) -> pb.GetModelMetadataResponse:
    """The signature that a model answers to.

    Raises:
        RequestError: No such model, or another field is asked for.
    """
    if not request.metadata_field:
        raise InvalidInput("GetModelMetadataRequest must specify at least one metadata_field")
    for name in request.metadata_field:
        if name != api.SIGNATURE_DEF_FIELD:
            raise InvalidInput(f"Metadata field {name} is not supported")
    servable = _servable(repository, request)
    signatures = pb.SignatureDefMap(
        signature_def={servable.model.signature_name: servable.model.signature_def}
    )
    packed = Any(type_url=api.SIGNATURE_DEF_TYPE_URL, value=signatures.SerializeToString())
    return pb.GetModelMetadataResponse(
        model_spec=model_spec(servable), metadata={api.SIGNATURE_DEF_FIELD: packed}
    )


def get_model_status(
    repository: Repository, request: pb.GetModelStatusRequest, _: Caller
) -> pb.GetModelStatusResponse:
    """What became of the versions of a model, newest first.

    Raises:
        RequestError: Nothing is known of the model or version.
    """
    name, version = _name_and_version(request)
    states = repository.states(name, version)
    return pb.GetModelStatusResponse(
        model_version_status=[_version_status(number, status) for number, status in states]
    )


def _version_status(number: int, status: VersionStatus) -> pb.ModelVersionStatus:
    return pb.ModelVersionStatus(
        version=number,
        state=status.state.value,
        status=pb.StatusProto(
            error_code=_ERROR_OF_BROKEN_VERSION if status.error else 0,
            error_message=status.error,
        ),
    )


def _servable(repository: Repository, request: Request) -> Servable:
    return repository.servable(*_name_and_version(request))


def _name_and_version(request: Request) -> tuple[str, int | None]:
    if not request.HasField("model_spec"):
        raise InvalidInput("Missing ModelSpec")
    spec = request.model_spec
    if spec.HasField("version_label"):
        raise InvalidInput(f"Unrecognized servable version label: {spec.version_label}")
    return spec.name, spec.version.value if spec.HasField("version") else None


def _wait(outputs: Future[Tensors], caller: Caller) -> Tensors:
    """Waits as long as the caller does; what nobody waits for any more is not computed."""

    def drop() -> None:
        outputs.cancel()

    if not caller.add_callback(drop):
        drop()
    try:
        return outputs.result(timeout=caller.time_remaining())
    except (CancelledError, TimeoutError):
        drop()
        raise CallerGone("the caller no longer waits") from None
