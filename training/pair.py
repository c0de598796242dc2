"""Trains the shipped frame-level bundle for the shipped embedder: ``python -m training.pair``.

Attention pooling, trained on AudioSet's features and on the embedder's codes of recordings at once;
``python -m training.embedder`` makes the embedder.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from earshot.embedding.card_writer import write_card
from earshot.embedding.embedder import Embedder
from training.card import AUDIOSET_SOURCE, bundle_in_the_making
from training.embedder.__main__ import FOR_DEVELOPMENT
from training.embedder.lessons import make_lessons
from training.embedder.partition import partition
from training.embedder.recordings import Recording, read_manifest
from training.embedder.sources import data_sources
from training.evaluation.evaluation import measure
from training.export import write_saved_model
from training.frame_level.frames import dequantise
from training.frame_level.joint import TaughtCodes, train_jointly
from training.frame_level.registry import ARCHITECTURES
from training.frame_level.report import card_fields, read_split
from training.frame_level.segments import score_in_batches
from training.frame_level.thresholds import THRESHOLDS_FILE, out_of_fold_scores, write_thresholds
from training.places import BUNDLE, DATA, EMBEDDER
from training.readers import Segments, read_class_labels
from training.session import command_line, limit_threads

# The shipped model's, chosen on splits of `bal_train`; see docs/models.md.
ARCHITECTURE = ARCHITECTURES["attention"]
# The running average of the weights needs no more, and all of it must fit in an hour.
NUM_EPOCHS = 30
# Half the segments need fewer passes before they are learnt by heart.
THRESHOLD_EPOCHS = 15


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.pair", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--embedder", type=Path, default=EMBEDDER)
    parser.add_argument("--out", type=Path, default=BUNDLE)
    parser.add_argument("--windows", type=int, default=20_000)
    parser.add_argument("--epochs", type=int, default=NUM_EPOCHS)
    parser.add_argument("--seed", type=int, default=2, help="another than the embedder's")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--development", action="store_true", help=FOR_DEVELOPMENT)
    return parser.parse_args(arguments)


def teach(options: argparse.Namespace, recordings: Sequence[Recording]) -> TaughtCodes:
    """Returns codes of windows that the embedder was not trained with, and their targets."""
    lessons = make_lessons(options.data, recordings, options.windows, options.seed, options.threads)
    embedder = Embedder.load(options.embedder, num_threads=options.threads)
    codes = embedder.embed(lessons.patches.astype(np.float32))
    return TaughtCodes(codes, lessons.targets, lessons.weights)


def score(network: keras.Model, segments: Segments) -> NDArray[np.float32]:
    """Returns the scores of segments, float32 (n, c)."""
    return score_in_batches(
        lambda codes, num_frames: ARCHITECTURE.score_segments(
            network, dequantise(codes), num_frames, False
        )[0],
        segments.codes,
        segments.num_frames,
    )


def main() -> None:
    """Trains, chooses thresholds, measures on AudioSet and writes the bundle."""
    options = parse_arguments()
    limit_threads(options.threads)
    console = Console()
    class_labels = read_class_labels(options.data / "audioset" / "class_labels_indices.csv")
    manifest = read_manifest(options.data / "sounds")
    recordings = partition(manifest, options.development).training
    taught = teach(options, recordings)
    segments = read_split(options.data, "bal_train", class_labels, console)
    settings = replace(ARCHITECTURE.recipe, num_epochs=options.epochs, seed=options.seed)

    network = train_jointly(ARCHITECTURE, segments, taught, settings, console)
    console.print("thresholds: a model of each half, to score the other")
    halves = replace(settings, num_epochs=min(THRESHOLD_EPOCHS, options.epochs))
    unseen = out_of_fold_scores(
        segments,
        lambda half: train_jointly(ARCHITECTURE, half, taught, halves, console),
        score,
        options.seed,
    )
    evaluation = read_split(options.data, "eval", class_labels, console)
    measured = measure(score(network, evaluation), evaluation.labels, len(evaluation.damaged))
    source = {**AUDIOSET_SOURCE, "use": "bal_train for training, eval only for measuring"}
    particulars: dict[str, Any] = {
        "description": ARCHITECTURE.description,
        "data": [{**source, "damaged_records": len(segments.damaged)}, *data_sources(recordings)],
        "metrics": {"audioset": {"on": "the given part of AudioSet's eval split", **measured}},
        "command": command_line("training.pair"),
    }
    with bundle_in_the_making(options.out) as directory:
        write_saved_model(network, class_labels, directory, ARCHITECTURE.score_segments)
        path = directory / "assets" / THRESHOLDS_FILE
        write_thresholds(path, class_labels, unseen, segments.labels)
        write_card(directory, card_fields(network, options.out, particulars))
    console.print(measured)
    console.print(f"written: {options.out}")


if __name__ == "__main__":
    main()
