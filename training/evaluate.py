"""Measures a frame-level bundle on labelled features: ``python -m training.evaluate``.

``--bundle models/earshot-default/1 --data-pattern 'DIR/*.tfrecord' --format json`` prints one
object on standard output; everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import verify_bundle
from training import metrics
from training.errors import BadInput, TrainingError
from training.frame_level.segments import score_in_batches
from training.places import BUNDLE, DATA
from training.session import limit_threads
from training.shards import read_pattern


def measure(scores: NDArray[np.float32], labels: NDArray[np.bool_]) -> dict[str, float]:
    """Returns every metric of scores (n, c) and labels (n, c) by its name, both families.

    `map`, `auc` and `d_prime` are AudioSet's; `gap` and `map_at_20` YouTube-8M's; `ece` over 15
    bins of all predictions.
    """
    auc = metrics.mean_area_under_curve(scores, labels)
    return {
        "hit_at_1": metrics.hit_at_1(scores, labels),
        "perr": metrics.perr(scores, labels),
        "gap": metrics.global_average_precision(scores, labels),
        "map_at_20": metrics.mean_average_precision_of_top_k(scores, labels),
        "map": metrics.mean_average_precision(scores, labels),
        "auc": auc,
        "d_prime": metrics.d_prime(auc),
        "ece": metrics.expected_calibration_error(scores, labels),
    }


def evaluate_bundle(bundle: Path, pattern: str, console: Console) -> dict[str, float | None]:
    """Scores every segment with the bundle as TensorFlow loads it, and measures that.

    Args:
        bundle: A frame-level bundle.
        pattern: Of TFRecord shards.
        console: Where progress and damage go.

    Returns:
        `measure`, `num_segments` and `num_damaged`; None for what is not defined on the data.

    Raises:
        BadInput: The bundle or the data cannot be used.
    """
    try:
        card = verify_bundle(bundle, kind="frame_level")
    except BadBundle as error:
        raise BadInput(str(error)) from None
    assert card.num_classes is not None  # a frame-level card has it
    segments = read_pattern(pattern, card.num_classes, console)
    loaded = tf.saved_model.load(str(bundle))
    serve = loaded.signatures["serving_default"]
    scores = score_in_batches(
        lambda codes, num_frames: serve(embeddings=codes, num_frames=num_frames)["scores"],
        segments.codes,
        segments.num_frames,
    )
    measured = measure(scores, segments.labels)
    counts = {"num_segments": len(segments), "num_damaged": len(segments.damaged)}
    return {
        **{name: value if math.isfinite(value) else None for name, value in measured.items()},
        **counts,
    }


def _table(measured: Mapping[str, float | None], bundle: Path) -> Table:
    table = Table("metric", "value", title=str(bundle))
    for name, value in measured.items():
        table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    return table


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    eval_shards = DATA / "audioset" / "eval" / "*.tfrecord"
    parser.add_argument("--data-pattern", default=str(eval_shards))
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(arguments)


def command(options: argparse.Namespace) -> int:
    """Prints the measures; returns 0, or 1 with a sentence on what is wrong."""
    console = Console(stderr=True)
    try:
        measured = evaluate_bundle(options.bundle, options.data_pattern, console)
    except TrainingError as error:
        console.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        return 1
    out = Console()
    if options.format == "json":
        out.print(json.dumps(measured), soft_wrap=True, highlight=False, markup=False)
    else:
        out.print(_table(measured, options.bundle))
    return 0


def main() -> None:
    """Measures as the command line says, on as many threads."""
    options = parse_arguments()
    limit_threads(options.threads)
    sys.exit(command(options))


if __name__ == "__main__":
    main()
