"""What every command that makes a frame-level bundle reads, measures and writes down."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
from rich.console import Console

from earshot.embedding.model_card import AUDIOSET_SPACE
from training import metrics
from training.frame_level.mean_pooling import predict
from training.readers import ClassLabel, Segments, read_segments
from training.session import commit, today


def read_split(
    data: Path, split: str, class_labels: Sequence[ClassLabel], console: Console
) -> Segments:
    """Reads `bal_train` or `eval` and says how much of it there is, and what was damaged."""
    shards = sorted((data / "audioset" / split).glob("*.tfrecord"))
    segments = read_segments(shards, len(class_labels), console=console)
    console.print(f"{split}: {len(segments)} segments, {len(segments.damaged)} records damaged")
    for damage in segments.damaged:
        console.print(f"  {damage}", style="yellow")
    return segments


def measure(network: keras.Model, segments: Segments) -> dict[str, float]:
    """Returns Hit@1 and AudioSet's mAP on segments, rounded to four digits."""
    scores = predict(network, segments.codes, segments.num_frames)
    return {
        "hit_at_1": round(metrics.hit_at_1(scores, segments.labels), 4),
        "map": round(metrics.mean_average_precision(scores, segments.labels), 4),
    }


def measure_on_eval(
    network: keras.Model, data: Path, class_labels: Sequence[ClassLabel], console: Console
) -> dict[str, Any]:
    """Returns `measure` on the given part of AudioSet's eval split, and says what that is."""
    evaluation = read_split(data, "eval", class_labels, console)
    return {
        "on": "the given part of AudioSet's eval split",
        "num_segments": len(evaluation),
        "damaged_records": len(evaluation.damaged),
        **measure(network, evaluation),
    }


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
