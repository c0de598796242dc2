"""The calls of TensorFlow Serving's API that Earshot answers, from message to message.

Source of the wording: tensorflow_serving/core/manager.h, model_servers/server_core.cc,
model_servers/get_model_status_impl.cc, servables/tensorflow/get_model_metadata_impl.cc.
"""

from __future__ import annotations

from google.protobuf.any_pb2 import Any

from earshot.serving import api
from earshot.serving.v1 import predict_pb2 as pb
from earshot.serving.v1.config_pb2 import ReloadConfigRequest, ReloadConfigResponse
from services.modelserver.compute import Caller, compute
from services.modelserver.errors import InvalidInput
from services.modelserver.lookup import find_servable, name_and_version
from services.modelserver.model_config import read_model_configs
from services.modelserver.predict import model_spec, read_inputs, write_reply
from services.modelserver.repository import Repository
from services.modelserver.served_model import VersionStatus

Request = pb.PredictRequest | pb.GetModelMetadataRequest | pb.GetModelStatusRequest


def predict(
    repository: Repository, request: pb.PredictRequest, caller: Caller
) -> pb.PredictResponse:
    """Computes the outputs of a model, in one batch with whatever else waits.

    Raises:
        RequestError: The request cannot be answered; says why.
    """
    servable, outputs = compute(
        repository, _spec(request), lambda model: read_inputs(request, model), caller
    )
    return write_reply(request, servable, outputs)


def get_model_metadata(
    repository: Repository, request: pb.GetModelMetadataRequest, _: Caller
) -> pb.GetModelMetadataResponse:
    """The signatures that a model answers to.

    Raises:
        RequestError: No such model, or another field is asked for.
    """
    if not request.metadata_field:
        raise InvalidInput("GetModelMetadataRequest must specify at least one metadata_field")
    for name in request.metadata_field:
        if name != api.SIGNATURE_DEF_FIELD:
            raise InvalidInput(f"Metadata field {name} is not supported")
    servable = find_servable(repository, _spec(request))
    signatures = pb.SignatureDefMap(signature_def=servable.loaded.signature_defs)
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
    name, version = name_and_version(repository, _spec(request))
    states = repository.states(name, version)
    return pb.GetModelStatusResponse(
        model_version_status=[_version_status(number, status) for number, status in states]
    )


def handle_reload_config(
    repository: Repository, request: ReloadConfigRequest, _: Caller
) -> ReloadConfigResponse:
    """Replaces what is served by what the request says; answers once it is in service.

    Raises:
        BadConfig: The configuration makes no sense; nothing has changed.
        ReloadIncomplete: It is in force, but not all of it can be served.
    """
    repository.reload(read_model_configs(request.config))
    return ReloadConfigResponse(status=pb.StatusProto(error_code=pb.OK))


def _version_status(number: int, status: VersionStatus) -> pb.ModelVersionStatus:
    return pb.ModelVersionStatus(
        version=number,
        state=status.state.value,
        status=pb.StatusProto(
            error_code=pb.FAILED_PRECONDITION if status.error else pb.OK,
            error_message=status.error,
        ),
    )


def _spec(request: Request) -> pb.ModelSpec:
    if not request.HasField("model_spec"):
        raise InvalidInput("Missing ModelSpec")
    return request.model_spec
