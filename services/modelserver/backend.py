"""A SavedModel in OpenVINO, which reads the very directory that TensorFlow Serving loads."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any, Self

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from earshot.openvino_model import compile_on_cpu
from earshot.serving.errors import BadTensor
from earshot.serving.signature import TensorSpec, read_signature
from earshot.serving.v1.predict_pb2 import SignatureDef
from earshot.settings import Precision
from services.modelserver.errors import (
    InferenceFailed,
    LoadError,
    PrecisionUnsupported,
    RequestError,
)
from services.modelserver.inputs import check_inputs
from services.modelserver.model import Tensors
from services.modelserver.saved_model_file import read_signature_def

_DEVICE = "CPU"
_REASON_CHARACTERS = 400


def require_precision(precision: Precision) -> None:
    """Checks that this CPU computes in a precision natively.

    Raises:
        PrecisionUnsupported: It does not; OpenVINO would quietly compute in another one.
    """
    if precision == "bf16":
        capabilities = ov.Core().get_property(_DEVICE, "OPTIMIZATION_CAPABILITIES")
        if "BF16" not in capabilities:
            raise PrecisionUnsupported("precision bf16: this CPU has no bfloat16; use f32")


class SavedModel:
    """One version of a model, loaded and warm; see `services.modelserver.model.Model`.

    Attributes:
        directory: Where it was read from.
        signature_name: The signature it answers to: `serving_default`, or the sole one.
        signature: What it takes and gives.
        signature_def: The same, as the model's author wrote it.
        precision: Arithmetic it computes in.
    """

    def __init__(self, directory: Path, compiled: Any, named: tuple[str, SignatureDef]) -> None:
        """Use `load`."""
        self.directory = directory
        self.signature_name, self.signature_def = named
        self.signature = read_signature(self.signature_def)
        self.precision: str = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
        self._request = compiled.create_infer_request()
        self._lock = Lock()

    @classmethod
    def load(cls, directory: Path, precision: Precision = "f32", num_threads: int = 1) -> Self:
        """Reads and compiles a SavedModel, and runs it once.

        Args:
            directory: Folder with `saved_model.pb` and `variables/`.
            precision: `f32`, or `bf16` for twice the speed at three digits.
            num_threads: Threads of one inference.

        Raises:
            LoadError: The folder is incomplete or holds what OpenVINO cannot run; says why.
            PrecisionUnsupported: This CPU has no such arithmetic.
        """
        require_precision(precision)
        named = read_signature_def(directory)
        try:
            model = cls(directory, _compile(directory, precision, num_threads), named)
            model.run({name: _zeros(spec) for name, spec in model.signature.inputs.items()})
        except (RuntimeError, KeyError, RequestError, BadTensor) as error:
            raise LoadError(f"{directory}: {_reason(error)}") from None
        return model

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        """Computes all outputs; safe from any thread, one inference at a time.

        Args:
            inputs: An array for each input of the signature, with equal numbers of rows.

        Returns:
            The outputs by name, the caller's own.

        Raises:
            InvalidInput: The inputs do not fit the signature.
            InferenceFailed: OpenVINO could not compute them.
        """
        check_inputs(inputs, self.signature)
        arrays = {name: np.ascontiguousarray(array) for name, array in inputs.items()}
        try:
            with self._lock:
                # Outputs are copied (share_outputs is off): the next run overwrites the buffers.
                results = self._request.infer(arrays, share_inputs=True)
                return {name: results[name] for name in self.signature.outputs}
        except RuntimeError as error:
            raise InferenceFailed(_reason(error)) from None


def _compile(directory: Path, precision: Precision, num_threads: int) -> Any:
    core = ov.Core()
    # Mapped weights would end the process (SIGBUS) when someone copies over a version in use.
    core.set_property({"ENABLE_MMAP": False})
    return compile_on_cpu(core, directory, precision, num_threads)


def _zeros(spec: TensorSpec) -> NDArray[Any]:
    """The smallest input that has every dimension."""
    return np.zeros([1 if size is None else size for size in spec.shape or ()], spec.dtype)


def _reason(error: Exception) -> str:
    """OpenVINO's message in one line, without the places in its own source."""
    lines = (line.strip() for line in str(error).splitlines())
    telling = [line for line in lines if line and not line.startswith(("Exception from", "Check "))]
    return " ".join(telling)[:_REASON_CHARACTERS] or str(error)
