"""What every command that makes a frame-level bundle reads, measures and writes down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
from rich.console import Console

from earshot.embedding.model_card import AUDIOSET_SPACE
from training.errors import BadInput
from training.evaluation.evaluation import measure
from training.frame_level.frames import dequantise
from training.frame_level.mean_pooling import score_segments
from training.frame_level.segments import score_in_batches
from training.readers import ClassLabel, Segments, read_segments
from training.session import commit, today
from training.shards import tell_what_was_read

# AudioSet's segments last 10 s.
MAX_FRAMES = 10


def read_split(
    data: Path, split: str, class_labels: Sequence[ClassLabel], console: Console
) -> Segments:
    """Reads `bal_train` or `eval` and says how much of it there is, and what was left out.

    Raises:
        BadInput: No intact segment is there.
    """
    folder = data / "audioset" / split
    shards = sorted(folder.glob("*.tfrecord"))
    segments = read_segments(shards, len(class_labels), MAX_FRAMES, console)
    tell_what_was_read(split, segments, MAX_FRAMES, console)
    if len(segments) == 0:
        raise BadInput(f"{folder}: no intact segment in {len(shards)} *.tfrecord files")
    return segments


def measure_network(network: keras.Model, segments: Segments) -> dict[str, float | int | None]:
    """Returns every metric of a mean-pooling network on at least one segment; see `measure`."""
    scores = score_in_batches(
        lambda codes, num_frames: score_segments(network, dequantise(codes), num_frames)[0],
        segments.codes,
        segments.num_frames,
    )
    return measure(scores, segments.labels, len(segments.damaged))


def measure_on_eval(
    network: keras.Model, data: Path, class_labels: Sequence[ClassLabel], console: Console
) -> dict[str, Any]:
    """Returns the metrics on the given part of AudioSet's eval split, and says what that is."""
    evaluation = read_split(data, "eval", class_labels, console)
    measured = measure_network(network, evaluation)
    return {"on": "the given part of AudioSet's eval split", **measured}


def card_fields(network: keras.Model, out: Path, particulars: dict[str, Any]) -> dict[str, Any]:
    """Returns everything of a frame-level bundle's card but the checksums.

    Args:
        network: Trained; its first output is the scores.
        out: Where the bundle will lie: ``<name>/<version>``.
        particulars: The card's `data`, `metrics` and `command`.
    """
    return {
        "name": out.parent.name,
        "version": int(out.name),
        "kind": "frame_level",
        "embedding_space": AUDIOSET_SPACE,
        "num_classes": int(network.outputs[0].shape[-1]),
        "description": "Two dense layers per patch; the mean of the patches is the window's score.",
        "inputs": {"embeddings": "uint8 [N, T, 128]", "num_frames": "int32 [N]"},
        "outputs": {"scores": "float32 [N, C]", "patch_scores": "float32 [N, T, C]"},
        "parameters": network.count_params(),
        "precision": "f32",
        "licence": "Apache-2.0",
        **particulars,
        "date": today(),
        "commit": commit(),
    }
