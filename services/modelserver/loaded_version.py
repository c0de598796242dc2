"""One version of a model: OpenVINO for what it reads, TensorFlow for the rest.

OpenVINO reads one signature of a SavedModel. Where it rejects that one, TensorFlow runs the whole
version; where it runs it, TensorFlow is loaded beside it when another signature is first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from earshot.serving.errors import BadTensor
from earshot.serving.signature import read_signature
from earshot.serving.v1.predict_pb2 import SignatureDef
from earshot.settings import Precision
from services.modelserver.backend import SavedModel
from services.modelserver.errors import (
    LoadError,
    ModelRejected,
    Retired,
    SignatureNotFound,
    SignatureUnavailable,
)
from services.modelserver.model import Model
from services.modelserver.saved_model_file import read_signature_defs
from services.modelserver.tensorflow_backend import TensorFlowModel, TensorFlowSignature


class LoadedVersion:
    """A SavedModel in the runtime that can run it; see `services.modelserver.model.ModelVersion`.

    Args:
        directory: Folder with `saved_model.pb` and `variables/`.
        precision: Of OpenVINO; TensorFlow always computes in f32.
        num_threads: Threads of one inference.

    Raises:
        LoadError: The folder is incomplete or damaged, or neither runtime can run it; says why.
        PrecisionUnsupported: This CPU has no such arithmetic.
    """

    def __init__(self, directory: Path, precision: Precision = "f32", num_threads: int = 1) -> None:
        self.signature_defs: Mapping[str, SignatureDef] = read_signature_defs(directory)
        self._directory, self._num_threads = directory, num_threads
        self._models: dict[str, Model] = {}
        self._openvino: SavedModel | None = None
        self._tensorflow: TensorFlowModel | None = None
        self._failure = ""  # why it could not be loaded
        self._loading = Lock()
        self._is_closed = False
        try:
            saved_model = SavedModel.load(directory, self.signature_defs, precision, num_threads)
        except ModelRejected as rejection:
            self._fall_back(rejection)
            self.runtime, self.precision = "tensorflow", TensorFlowModel.precision
        else:
            self._openvino = saved_model
            self._models[saved_model.signature_name] = saved_model
            self.runtime, self.precision = "openvino", saved_model.precision

    def model(self, signature_name: str) -> Model:
        """What answers to a signature; loads TensorFlow when it is the first to need it.

        Raises:
            SignatureNotFound: The version has no such signature.
            SignatureUnavailable: It has, but nothing here can run it.
            Retired: `close` was called before TensorFlow was needed.
        """
        if model := self._models.get(signature_name):
            return model
        if signature_name not in self.signature_defs:
            raise SignatureNotFound(f'Serving signature key "{signature_name}" not found.')
        with self._loading:
            if self._is_closed:
                raise Retired(str(self._directory))
            try:
                signature = read_signature(self.signature_defs[signature_name])
                model = TensorFlowSignature(self._load_tensorflow(), signature_name, signature)
            except (LoadError, BadTensor) as error:
                raise SignatureUnavailable(
                    f'Serving signature key "{signature_name}" cannot be run: {error}'
                ) from None
            return self._models.setdefault(signature_name, model)

    def close(self) -> None:
        """Gives memory back; nothing may run any more, and TensorFlow is not loaded any more."""
        with self._loading:
            self._is_closed = True
            if self._openvino:
                self._openvino.close()
            if self._tensorflow:
                self._tensorflow.close()

    def _fall_back(self, rejection: ModelRejected) -> None:
        try:
            self._load_tensorflow()
        except LoadError as error:
            raise LoadError(f"OpenVINO rejects {rejection}; {error}") from None

    def _load_tensorflow(self) -> TensorFlowModel:
        """Once; a failure is remembered too, for it takes seconds to find out again."""
        if self._failure:
            raise LoadError(self._failure)
        if self._tensorflow is None:
            try:
                self._tensorflow = TensorFlowModel(self._directory, self._num_threads)
            except LoadError as error:
                self._failure = str(error)
                raise
        return self._tensorflow
