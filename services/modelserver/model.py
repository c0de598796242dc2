"""The port between serving and the runtime that computes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray

from earshot.serving.signature import Signature
from earshot.serving.v1.predict_pb2 import SignatureDef

Tensors: TypeAlias = Mapping[str, NDArray[Any]]


class Model(Protocol):
    """One version of a model, loaded and warm.

    Attributes:
        signature_name: The one signature it answers to.
        signature: What it takes and gives.
        signature_def: The same, as the model's author wrote it.
        precision: Arithmetic it computes in.
    """

    signature_name: str
    signature: Signature
    signature_def: SignatureDef
    precision: str

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
