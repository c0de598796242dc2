"""Reads which signatures a SavedModel has, and which of them OpenVINO runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from google.protobuf.message import DecodeError

from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.serving.v1.predict_pb2 import SignatureDef
from earshot.serving.v1.saved_model_pb2 import SavedModel
from services.modelserver.errors import LoadError, ModelRejected

FILE_NAME = "saved_model.pb"

_INIT_SIGNATURE = "__saved_model_init_op"  # TensorFlow's own, never called by a client


def read_signature_defs(directory: Path) -> dict[str, SignatureDef]:
    """The signatures of a SavedModel by name, at least one.

    Raises:
        LoadError: There is no readable `saved_model.pb`, or no signature in it.
    """
    path = directory / FILE_NAME
    try:
        graphs = SavedModel.FromString(path.read_bytes()).meta_graphs
    except OSError as error:
        raise LoadError(f"{path}: {error.strerror}") from None
    except DecodeError:
        raise LoadError(f"{path}: not a SavedModel, or not complete") from None
    signatures = {
        name: signature
        for graph in graphs
        for name, signature in graph.signature_def.items()
        if name != _INIT_SIGNATURE
    }
    if not signatures:
        raise LoadError(f"{path}: no signature {DEFAULT_SIGNATURE}; it has none")
    return signatures


def openvino_signature(directory: Path, signatures: Mapping[str, SignatureDef]) -> str:
    """Name of the signature that OpenVINO runs: `serving_default`, or the sole one.

    Raises:
        ModelRejected: There are several and none has that name: OpenVINO would mix them.
    """
    name = DEFAULT_SIGNATURE if len(signatures) != 1 else next(iter(signatures))
    if name not in signatures:
        known = ", ".join(sorted(signatures))
        path = directory / FILE_NAME
        raise ModelRejected(f"{path}: no signature {DEFAULT_SIGNATURE}; it has {known}")
    return name
