"""The ports between serving and the runtime that computes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray

from earshot.serving.signature import Signature
from earshot.serving.v1.predict_pb2 import SignatureDef

Tensors: TypeAlias = Mapping[str, NDArray[Any]]


class Model(Protocol):
    """One signature of one version of a model, loaded.

    Attributes:
        signature: What it takes and gives.
    """

    signature: Signature

    def run(self, inputs: Tensors) -> Tensors:
        """Computes all outputs; may be called from any thread.

        Args:
            inputs: An array for each input of the signature.

        Returns:
            The outputs by name, owned by the caller.

        Raises:
            InvalidInput: The inputs do not fit the signature.
            InferenceFailed: The runtime could not compute them.
        """
        ...


class ModelVersion(Protocol):
    """One version of a model, loaded and warm.

    Attributes:
        signature_defs: All that it answers to, by name, as the model's author wrote it.
        runtime: What computes: `openvino`, or `tensorflow` where that one cannot.
        precision: Arithmetic it computes in.
    """

    signature_defs: Mapping[str, SignatureDef]
    runtime: str
    precision: str

    def model(self, signature_name: str) -> Model:
        """What answers to a signature; may be called from any thread.

        The first call for a signature that OpenVINO does not read takes seconds: TensorFlow is
        imported and loads the version a second time.

        Raises:
            SignatureNotFound: The version has no such signature.
            SignatureUnavailable: It has, but nothing here can run it.
            Retired: `close` was called.
        """
        ...

    def close(self) -> None:
        """Gives memory back; called once, when nothing runs any more."""
        ...
