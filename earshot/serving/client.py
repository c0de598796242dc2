"""Asks a model server that speaks TensorFlow Serving's gRPC API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from earshot.serving import api
from earshot.serving.api import ModelState
from earshot.serving.channel import Channel
from earshot.serving.errors import BadTensor
from earshot.serving.signature import Signature, read_signature
from earshot.serving.tensor import decode, encode
from earshot.serving.v1 import predict_pb2 as pb

_STATES = {number: ModelState(name) for name, number in pb.ModelVersionStatus.State.items()}


@dataclass(frozen=True, slots=True)
class Metadata:
    """The signatures, by name, of the version that answered."""

    version: int
    signatures: Mapping[str, Signature]


class ServingClient:
    """A connection to one model server. Calls block, and may come from any thread.

    Nothing is retried here: who calls knows how long to wait and what to do meanwhile.

    Args:
        target: HOST:PORT, or any gRPC name such as `dns:///models:8500`.
        timeout_s: Deadline of each call.
    """

    def __init__(self, target: str, timeout_s: float = 10.0) -> None:
        self._channel = Channel(target, timeout_s)
        self._predict = self._channel.method(
            api.PREDICTION_SERVICE, api.PREDICT, pb.PredictResponse.FromString
        )
        self._metadata = self._channel.method(
            api.PREDICTION_SERVICE, api.GET_MODEL_METADATA, pb.GetModelMetadataResponse.FromString
        )
        self._status = self._channel.method(
            api.MODEL_SERVICE, api.GET_MODEL_STATUS, pb.GetModelStatusResponse.FromString
        )

    def predict(
        self,
        model: str,
        inputs: Mapping[str, NDArray[Any]],
        version: int | None = None,
        signature: str = api.DEFAULT_SIGNATURE,
    ) -> tuple[dict[str, NDArray[Any]], int]:
        """Runs a model.

        Args:
            model: Its name on the server.
            inputs: An array for each input of the signature.
            version: The version to ask; the newest when None.
            signature: The signature to call.

        Returns:
            The outputs by name, as arrays that may be read-only; the version that made them.

        Raises:
            BadTensor: An input or output of a type that is not supported.
            ModelUnavailable: The server is away, late or full.
            ModelRefused: No such model, version or signature, or the inputs do not fit it.
            ServingError: Any other failure.
        """
        tensors = {name: encode(array) for name, array in inputs.items()}
        spec = _spec(model, version, signature)
        reply = self._predict(pb.PredictRequest(model_spec=spec, inputs=tensors))
        outputs = {name: decode(tensor) for name, tensor in reply.outputs.items()}
        return outputs, reply.model_spec.version.value

    def metadata(self, model: str, version: int | None = None) -> Metadata:
        """Asks what a model takes and gives.

        Raises:
            ServingError: As for `predict`; BadTensor when the answer cannot be read.
        """
        spec = _spec(model, version)
        request = pb.GetModelMetadataRequest(
            model_spec=spec, metadata_field=[api.SIGNATURE_DEF_FIELD]
        )
        reply = self._metadata(request)
        try:
            packed = reply.metadata[api.SIGNATURE_DEF_FIELD].value
            signature_defs = pb.SignatureDefMap.FromString(packed).signature_def
        except DecodeError:
            raise BadTensor(f"the metadata of model {model!r} cannot be read") from None
        signatures = {name: read_signature(each) for name, each in signature_defs.items()}
        return Metadata(reply.model_spec.version.value, signatures)

    def status(self, model: str) -> list[tuple[int, ModelState]]:
        """Asks which versions of a model the server knows and how they are, newest first.

        Raises:
            ModelRefused: The server knows no version of the model.
            ServingError: As for `predict`.
        """
        reply = self._status(pb.GetModelStatusRequest(model_spec=_spec(model)))
        return [
            (each.version, _STATES.get(each.state, ModelState.UNKNOWN))
            for each in reply.model_version_status
        ]

    def close(self) -> None:
        """Ends the connection; calls under way fail."""
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _spec(model: str, version: int | None = None, signature: str = "") -> pb.ModelSpec:
    spec = pb.ModelSpec(name=model, signature_name=signature)
    if version is not None:
        spec.version.value = version
    return spec
