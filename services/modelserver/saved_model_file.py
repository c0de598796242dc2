"""Reads which signatures a SavedModel has, and which of them OpenVINO runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from earshot.serving import saved_model
from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.serving.errors import BadSavedModel
from earshot.serving.v1.predict_pb2 import SignatureDef
from services.modelserver.errors import LoadError, ModelRejected


def read_signature_defs(directory: Path) -> dict[str, SignatureDef]:
    """The signatures of a SavedModel by name, at least one.

    Raises:
        LoadError: There is no readable `saved_model.pb`, no graph for serving in it, or no
            signature in that.
    """
    try:
        signatures = saved_model.read_signature_defs(directory)
    except BadSavedModel as error:
        raise LoadError(str(error)) from None
    if not signatures:
        path = directory / saved_model.FILE_NAME
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
        path = directory / saved_model.FILE_NAME
        raise ModelRejected(f"{path}: no signature {DEFAULT_SIGNATURE}; it has {known}")
    return name
