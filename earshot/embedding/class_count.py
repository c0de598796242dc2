"""Whether a frame-level bundle has as many labels and outputs as its card says it has classes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from earshot.events.errors import BadLabels
from earshot.events.labels import read_class_index
from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.serving.errors import BadSavedModel
from earshot.serving.saved_model import FILE_NAME, read_signature_defs
from earshot.serving.v1.predict_pb2 import SignatureDef

LABELS = Path("assets", "labels.csv")
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
    try:
        signature = read_signature_defs(directory).get(DEFAULT_SIGNATURE, SignatureDef())
    except BadSavedModel as error:
        yield str(error)
    else:
        yield from _output_problems(directory / FILE_NAME, signature, num_classes)


def _output_problems(path: Path, signature: SignatureDef, num_classes: int) -> Iterator[str]:
    for name in SCORE_OUTPUTS:
        if name not in signature.outputs:
            yield f"{path}: its {DEFAULT_SIGNATURE} has no output {name}"
            continue
        sizes = [dim.size for dim in signature.outputs[name].tensor_shape.dim]
        if sizes and sizes[-1] not in (num_classes, -1):
            yield f"{path}: {name} gives {sizes[-1]} classes; the card says {num_classes}"
