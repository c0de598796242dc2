"""A SavedModel in TensorFlow: the fallback for what OpenVINO cannot run.

TensorFlow is imported when the first such model is loaded, or a signature that OpenVINO does not
run is first asked for, and not before: five seconds, and 0.5 GB that only the end of the process
gives back. A version that retires gives its weights back.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.serving.saved_model import SERVE_TAG
from earshot.serving.signature import Signature, TensorSpec
from services.modelserver.errors import InferenceFailed, InvalidInput, LoadError, TensorFlowMissing
from services.modelserver.inputs import check_inputs
from services.modelserver.model import Tensors

_REASON_CHARACTERS = 400
# Lines of TensorFlow's messages that tell where in its graph, not what.
_FRAMING = ("Graph execution error", "Detected at node", "<stack traces", "[[")


class TensorFlowModel:
    """All signatures of a SavedModel; one inference at a time.

    Args:
        directory: Folder with `saved_model.pb` and `variables/`.
        num_threads: Threads of one inference; the first model decides for the process.

    Raises:
        TensorFlowMissing: It is not installed, or cannot be imported.
        LoadError: TensorFlow cannot load the folder; says why.
    """

    precision = "f32"

    def __init__(self, directory: Path, num_threads: int = 1) -> None:
        self._tf = _import_tensorflow(num_threads)
        self._lock = Lock()
        try:
            # Kept as long as the functions are: they hold no reference to the variables.
            self._loaded = self._tf.saved_model.load(str(directory), tags=[SERVE_TAG])
        except Exception as error:  # of damaged files it raises half a dozen unrelated kinds
            raise LoadError(f"{directory}: TensorFlow cannot load it: {_reason(error)}") from None

    def close(self) -> None:
        """Gives the weights back; nothing may run any more.

        Python alone would let go of them much later, for TensorFlow's objects refer to each other:
        50 versions of 12 MB took 250 MB more, collected each time none.
        """
        self._loaded = None
        gc.collect()

    def run(
        self, signature_name: str, inputs: Tensors, outputs: Mapping[str, TensorSpec]
    ) -> dict[str, NDArray[Any]]:
        """Computes the outputs of a signature.

        Args:
            signature_name: Which.
            inputs: As they fit it.
            outputs: What it promises; sparse and ragged tensors are no arrays, so they fail.

        Raises:
            InvalidInput: The model refuses the values.
            InferenceFailed: It could not compute them.
        """
        tf = self._tf
        try:
            with self._lock:
                tensors = {name: _to_tensor(tf, array) for name, array in inputs.items()}
                results = self._loaded.signatures[signature_name](**tensors)
                return {
                    name: np.asarray(results[name].numpy(), spec.dtype)
                    for name, spec in outputs.items()
                }
        except tf.errors.InvalidArgumentError as error:
            raise InvalidInput(_reason(error)) from None
        except Exception as error:  # of foreign graphs there is no list of what they raise
            raise InferenceFailed(f"{type(error).__name__}: {_reason(error)}") from None


class TensorFlowSignature:
    """One signature; see `services.modelserver.model.Model`.

    Args:
        model: Computes.
        signature_name: Name of the signature.
        signature: What it takes and gives.
    """

    def __init__(self, model: TensorFlowModel, signature_name: str, signature: Signature) -> None:
        self.signature = signature
        self._signature_name = signature_name
        self._model = model

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        """Computes all outputs; safe from any thread.

        Raises:
            InvalidInput: The inputs do not fit the signature, or the model refuses their values.
            InferenceFailed: TensorFlow could not compute them.
        """
        check_inputs(inputs, self.signature)
        return self._model.run(self._signature_name, inputs, self.signature.outputs)


def _import_tensorflow(num_threads: int) -> Any:
    # Its C++ part writes lines of its own to stderr, between ours: else two for each request that a
    # model refuses. 2 leaves errors, and a note on oneDNN at the start.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    is_first = "tensorflow" not in sys.modules
    try:
        import tensorflow as tf
    except Exception as error:  # beside ImportError what a protobuf of another version raises
        raise TensorFlowMissing(
            f"TensorFlow, the fallback, cannot be imported ({error}): "
            "pip install 'earshot[tensorflow]' adds it"
        ) from None
    if is_first:
        gc.freeze()  # its 400,000 objects stay: looking through them stops every thread for 0.4 s
    with suppress(RuntimeError):  # in use already, with the threads that were set then
        tf.config.threading.set_intra_op_parallelism_threads(num_threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    return tf


def _to_tensor(tf: Any, array: NDArray[Any]) -> Any:
    return tf.constant(array, tf.string if array.dtype.kind == "O" else array.dtype)


def _reason(error: Exception) -> str:
    """TensorFlow's message in one line."""
    lines = (line.strip() for line in str(error).splitlines())
    telling = [line for line in lines if line and not line.startswith(_FRAMING)]
    return " ".join(telling)[:_REASON_CHARACTERS] or type(error).__name__
