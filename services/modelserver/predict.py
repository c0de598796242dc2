"""A Predict request to tensors, and a model's outputs to its reply."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.serving.errors import BadTensor
from earshot.serving.tensor import decode, encode, encode_content
from earshot.serving.v1 import predict_pb2 as pb
from services.modelserver.errors import InvalidInput
from services.modelserver.inputs import check_inputs, check_names, check_output_filter
from services.modelserver.model import Model, Tensors
from services.modelserver.servable import Servable


def read_inputs(request: pb.PredictRequest, model: Model) -> Tensors:
    """The tensors of a request, which fit the model's signature.

    Raises:
        InvalidInput: A tensor or a name does not fit; says which and how.
    """
    check_names(request.inputs, model.signature)
    check_output_filter(request.output_filter, model.signature)
    inputs = {}
    for name, tensor in request.inputs.items():
        try:
            inputs[name] = decode(tensor)
        except BadTensor as error:
            raise InvalidInput(f"tensor parsing error: {name}: {error}") from None
    check_inputs(inputs, model.signature)
    return inputs


def write_reply(
    request: pb.PredictRequest, servable: Servable, outputs: Tensors
) -> pb.PredictResponse:
    """The outputs asked for, numbers as `tensor_content`, and the version that made them."""
    names = request.output_filter or outputs.keys()
    return pb.PredictResponse(
        outputs={name: _encode(outputs[name]) for name in names},
        model_spec=model_spec(servable, request.model_spec.signature_name or DEFAULT_SIGNATURE),
    )


def model_spec(servable: Servable, signature_name: str = "") -> pb.ModelSpec:
    """Name and effective version of what answered."""
    spec = pb.ModelSpec(name=servable.name, signature_name=signature_name)
    spec.version.value = servable.version
    return spec


def _encode(array: NDArray[Any]) -> pb.TensorProto:
    return encode(array) if array.dtype.kind == "O" else encode_content(array)
