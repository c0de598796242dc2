"""A SavedModel in OpenVINO, which reads the very directory that TensorFlow Serving loads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Self

import numpy as np
import openvino as ov
from numpy.typing import NDArray

from earshot.openvino_model import compile_on_cpu
from earshot.serving.errors import BadTensor
from earshot.serving.signature import Signature, read_signature
from earshot.serving.v1.predict_pb2 import SignatureDef
from earshot.settings import Precision
from services.modelserver.errors import (
    InferenceFailed,
    LoadError,
    ModelRejected,
    PrecisionUnsupported,
)
from services.modelserver.inputs import check_inputs, has_strings
from services.modelserver.model import Tensors
from services.modelserver.saved_model_file import openvino_signature

_DEVICE = "CPU"
_REASON_CHARACTERS = 400

# Lines of OpenVINO's messages that tell nothing about the model: places in its own source, titles,
# and advice for whoever would extend it.
_FRAMING = ("Exception from", "Check ", "FrontEnd API failed", "Model wasn't", "Summary:", "To fac")
# What it says of files that are missing, cut or half-copied; anything else is about the graph.
_DAMAGE = ("GeneralFailure", "is not initialized")


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
    """The signature of a SavedModel that OpenVINO runs; see `services.modelserver.model.Model`.

    Attributes:
        signature_name: `serving_default`, or the sole one.
        signature: What it takes and gives.
        precision: Arithmetic it computes in.
    """

    def __init__(self, compiled: Any, signature_name: str, signature: Signature) -> None:
        """Use `load`."""
        self.signature_name, self.signature = signature_name, signature
        self.precision: str = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
        self._request: Any = compiled.create_infer_request()
        self._lock = Lock()

    @classmethod
    def load(
        cls,
        directory: Path,
        signature_defs: Mapping[str, SignatureDef],
        precision: Precision = "f32",
        num_threads: int = 1,
    ) -> Self:
        """Reads and compiles a SavedModel; nothing is computed yet.

        Args:
            directory: Folder with `saved_model.pb` and `variables/`.
            signature_defs: Those of `saved_model.pb`.
            precision: `f32`, or `bf16` for twice the speed at three digits.
            num_threads: Threads of one inference.

        Raises:
            LoadError: The folder is incomplete or damaged, or the signature has a tensor of a type
                that our messages do not carry (int8, bfloat16, ...), so that TensorFlow beside us
                could not answer either; says why.
            ModelRejected: It holds what OpenVINO cannot run; says why.
            PrecisionUnsupported: This CPU has no such arithmetic.
        """
        require_precision(precision)
        name = openvino_signature(directory, signature_defs)
        try:
            signature = read_signature(signature_defs[name])
        except BadTensor as error:
            raise LoadError(f"{directory}: {error}") from None
        try:
            compiled = _compile(directory, precision, num_threads)
            _check_names(compiled, signature)
            model = cls(compiled, name, signature)
        except Exception as error:  # mostly RuntimeError; of foreign files there is no list
            is_damaged = any(words in str(error) for words in _DAMAGE)
            refuse = LoadError if is_damaged else ModelRejected
            raise refuse(f"{directory}: {_reason(error)}") from None
        if has_strings(signature):
            raise ModelRejected(f"{directory}: OpenVINO takes and gives no strings")
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
                if self._request is None:
                    raise InferenceFailed("this version is no longer in service")
                results = self._request.infer(arrays, share_inputs=True)
                return {name: results[name] for name in self.signature.outputs}
        except InferenceFailed:
            raise
        except Exception as error:  # as in `load`
            raise InferenceFailed(_reason(error)) from None

    def close(self) -> None:
        """Gives the weights back at once: who still refers to the model need not let go of it."""
        with self._lock:
            self._request = None


def _compile(directory: Path, precision: Precision, num_threads: int) -> Any:
    core = ov.Core()
    # Mapped weights would end the process (SIGBUS) when someone copies over a version in use.
    core.set_property({"ENABLE_MMAP": False})
    return compile_on_cpu(core, directory, precision, num_threads)


def _check_names(compiled: Any, signature: Signature) -> None:
    """An error of OpenVINO's when it knows a tensor of the signature by another name."""
    for name in signature.inputs:
        compiled.input(name)
    for name in signature.outputs:
        compiled.output(name)


def _reason(error: Exception) -> str:
    """OpenVINO's message in one line, without what is not about the model."""
    lines = (line.strip().removeprefix("-- ") for line in str(error).splitlines())
    telling = [line for line in lines if line and not line.startswith(_FRAMING)]
    return " ".join(telling)[:_REASON_CHARACTERS] or str(error)
