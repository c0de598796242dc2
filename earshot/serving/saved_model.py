"""The signatures of a SavedModel, read from its file without TensorFlow."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from google.protobuf.message import DecodeError

from earshot.serving.errors import BadSavedModel
from earshot.serving.v1.predict_pb2 import SignatureDef
from earshot.serving.v1.saved_model_pb2 import SavedModel

FILE_NAME = "saved_model.pb"
# Of the graph that is served: TensorFlow Serving takes the one with this tag and no other.
# Source: tensorflow/cc/saved_model/{tag_constants.h,reader.cc}.
SERVE_TAG = "serve"

_INIT_SIGNATURE = "__saved_model_init_op"  # TensorFlow's own, never called by a client


def read_signature_defs(directory: Path) -> dict[str, SignatureDef]:
    """The signatures by name of the graph that is served, those of other graphs left out.

    Raises:
        BadSavedModel: There is no readable `saved_model.pb`, or no such graph in it.
    """
    path = directory / FILE_NAME
    try:
        graphs = SavedModel.FromString(path.read_bytes()).meta_graphs
    except OSError as error:
        raise BadSavedModel(f"{path}: cannot be read ({error.strerror})") from None
    except DecodeError:
        raise BadSavedModel(f"{path}: not a SavedModel, or not complete") from None
    for graph in graphs:
        if set(graph.meta_info_def.tags) == {SERVE_TAG}:
            # Copies: a part of a message keeps the whole of it, the graph too, in memory.
            return {
                name: deepcopy(signature)
                for name, signature in graph.signature_def.items()
                if name != _INIT_SIGNATURE
            }
    raise BadSavedModel(f"{path}: no graph for serving, which has the tag {SERVE_TAG} alone")
