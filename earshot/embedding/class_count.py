"""Whether a frame-level bundle has as many labels and outputs as its card says it has classes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from google.protobuf.message import DecodeError

from earshot.events.errors import BadLabels
from earshot.events.labels import read_class_index
from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.serving.v1.predict_pb2 import SignatureDef
from earshot.serving.v1.saved_model_pb2 import SavedModel

LABELS = Path("assets", "labels.csv")
SAVED_MODEL = "saved_model.pb"
SCORE_OUTPUTS = ("scores", "patch_scores")


def class_problems(directory: Path, num_classes: int) -> Iterator[str]:
    """Yields a sentence for each part of a bundle that has another number of classes.

    A file that is missing or cannot be read is one as well. An output whose size the graph leaves
    open passes.

    Args:
        directory: The bundle: `assets/labels.csv` and `saved_model.pb` are in it.
        num_classes: What the card says.
    """
    try:
        num_labels = len(read_class_index(directory / LABELS))
    except BadLabels as error:
        yield str(error)
    else:
        if num_labels != num_classes:
            yield f"{directory / LABELS}: {num_labels} classes; the card says {num_classes}"
    path = directory / SAVED_MODEL
    try:
        signature = _signature(path)
    except OSError as error:
        yield f"{path}: cannot be read ({error.strerror}); a bundle needs this file"
    except DecodeError:
        yield f"{path}: not a SavedModel, or not complete"
    else:
        yield from _output_problems(path, signature, num_classes)


def _signature(path: Path) -> SignatureDef:
    """Returns the signature that model servers answer to; an empty one when there is none."""
    signatures = (
        graph.signature_def[DEFAULT_SIGNATURE]
        for graph in SavedModel.FromString(path.read_bytes()).meta_graphs
        if DEFAULT_SIGNATURE in graph.signature_def
    )
    return next(signatures, SignatureDef())


def _output_problems(path: Path, signature: SignatureDef, num_classes: int) -> Iterator[str]:
    for name in SCORE_OUTPUTS:
        if name not in signature.outputs:
            yield f"{path}: its {DEFAULT_SIGNATURE} has no output {name}"
            continue
        sizes = [dim.size for dim in signature.outputs[name].tensor_shape.dim]
        if sizes and sizes[-1] not in (num_classes, -1):
            yield f"{path}: {name} gives {sizes[-1]} classes; the card says {num_classes}"
