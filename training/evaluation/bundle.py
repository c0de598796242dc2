"""A bundle that can be measured: its card, its classes, and its scores of segments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress

from earshot.embedding.class_count import LABELS
from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import ModelCard, verify_bundle
from earshot.events.errors import BadLabels
from earshot.events.labels import ClassIndex, read_class_index
from training.errors import BadInput
from training.frame_level.segments import score_in_batches
from training.readers import Segments

_SIGNATURE = (
    "serving_default must take embeddings uint8 [N, T, 128] and num_frames int32 [N], "
    "and give scores float32 [N, C]"
)


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """A frame-level bundle that is what its card says, and the names of its classes."""

    card: ModelCard
    classes: ClassIndex


def open_bundle(directory: Path) -> Bundle:
    """Reads and checks everything of a bundle but the network.

    Raises:
        BadInput: A file is missing or not the one the card describes; it takes embeddings of
            another space; or its labels are not as many as its classes.
    """
    try:
        card = verify_bundle(directory, kind="frame_level")
        classes = read_class_index(directory / LABELS)
    except (BadBundle, BadLabels) as error:
        raise BadInput(str(error)) from None
    return Bundle(card, classes)


def score_segments(bundle: Bundle, segments: Segments, console: Console) -> NDArray[np.float32]:
    """Returns the bundle's scores of at least one segment, as TensorFlow computes them.

    Args:
        bundle: From `open_bundle`.
        segments: n of them.
        console: Where a progress bar goes, if it is a terminal.

    Returns:
        float32 (n, num_classes), 0..1: each segment's score of its whole window.

    Raises:
        BadInput: No such SavedModel, or scores that no bundle gives.
    """
    directory = bundle.card.directory
    try:
        loaded = tf.saved_model.load(str(directory))
        serve = loaded.signatures["serving_default"]
    except (OSError, KeyError, ValueError) as error:
        raise BadInput(
            f"{directory}: not a SavedModel with serving_default ({_first_line(error)})"
        ) from None

    def score(codes: tf.Tensor, num_frames: tf.Tensor) -> tf.Tensor:
        progress.advance(task, len(codes))
        try:
            scores = serve(embeddings=codes, num_frames=num_frames)["scores"]
        except (TypeError, ValueError, tf.errors.OpError) as error:
            raise BadInput(f"{directory}: {_SIGNATURE} ({_first_line(error)})") from None
        if scores.dtype != tf.float32 or scores.shape != (len(codes), len(bundle.classes)):
            raise BadInput(
                f"{directory}: {_SIGNATURE}, {len(bundle.classes)} of them, "
                f"not {scores.dtype.name} {list(scores.shape)} of {len(codes)} segments"
            )
        return scores

    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("scoring", total=len(segments))
        scores = score_in_batches(score, segments.codes, segments.num_frames)
    if not np.all((scores >= 0) & (scores <= 1)):
        raise BadInput(f"{directory}: gives a score that is not from 0 to 1")
    return scores


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
