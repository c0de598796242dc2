"""Trains the shipped frame-level bundle for the shipped embedder: ``python -m training.pair``.

Attention pooling, trained on AudioSet's features and on the embedder's codes of recordings at once;
``python -m training.embedder`` makes the embedder.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from earshot.embedding.card_writer import write_card
from earshot.embedding.embedder import Embedder
from earshot.embedding.errors import EmbeddingError
from training.card import AUDIOSET_SOURCE, bundle_in_the_making
from training.embedder.lessons import make_lessons
from training.embedder.partition import Partition, partition
from training.embedder.recordings import Recording, read_manifest
from training.embedder.sources import data_sources
from training.errors import BadInput
from training.evaluation.evaluation import measure
from training.exit_code import exit_code
from training.export import write_saved_model
from training.frame_level.frames import dequantise
from training.frame_level.joint import TaughtCodes, train_jointly
from training.frame_level.registry import ARCHITECTURES
from training.frame_level.report import card_fields, read_split
from training.frame_level.segments import score_in_batches
from training.frame_level.thresholds import THRESHOLDS_FILE, out_of_fold_scores, write_thresholds
from training.model_place import add_development, add_model, model_place
from training.ontology import ONTOLOGY_FILE, SOURCE_FILE, write_ontology
from training.places import BUNDLE, DATA, EMBEDDER
from training.readers import Segments, read_class_labels
from training.session import command_line, limit_threads
from training.threads import add_threads

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
    add_model(parser, "--embedder", EMBEDDER)
    add_model(parser, "--out", BUNDLE)
    parser.add_argument("--windows", type=int, default=20_000)
    parser.add_argument("--epochs", type=int, default=NUM_EPOCHS)
    parser.add_argument("--seed", type=int, default=2, help="another than the embedder's")
    add_threads(parser)
    add_development(parser)
    options = parser.parse_args(arguments)
    options.embedder = model_place(options.embedder, EMBEDDER, options.development)
    options.out = model_place(options.out, BUNDLE, options.development)
    return options


def teach(options: argparse.Namespace, recordings: Sequence[Recording]) -> TaughtCodes:
    """Returns codes of windows that the embedder was not trained with, and their targets.

    Raises:
        TrainingError: The embedder or the recordings cannot be used.
    """
    try:
        embedder = Embedder.load(options.embedder, num_threads=options.threads)
    except EmbeddingError as error:
        raise BadInput(str(error)) from None
    lessons = make_lessons(options.data, recordings, options.windows, options.seed, options.threads)
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


def _particulars(parts: Partition, num_damaged: int, measured: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what the card says of this bundle alone."""
    audioset = {
        **AUDIOSET_SOURCE,
        "use": "bal_train for training, eval only for measuring",
        "damaged_records": num_damaged,
    }
    return {
        "description": ARCHITECTURE.description,
        "data": [audioset, *data_sources(parts.training)],
        "metrics": {"audioset": {"on": "the given part of AudioSet's eval split", **measured}},
        "command": command_line("training.pair"),
    }


def run(options: argparse.Namespace, console: Console) -> None:
    """Trains, chooses thresholds, measures on AudioSet and writes the bundle.

    Raises:
        TrainingError: Something given cannot be used.
    """
    class_labels = read_class_labels(options.data / "audioset" / "class_labels_indices.csv")
    parts = partition(read_manifest(options.data / "sounds"), options.development)
    console.print(parts.summary(), markup=False, soft_wrap=True)
    segments = read_split(options.data, "bal_train", class_labels, console)
    evaluation = read_split(options.data, "eval", class_labels, console)
    taught = teach(options, parts.training)
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
    measured = measure(score(network, evaluation), evaluation.labels, len(evaluation.damaged))
    particulars = _particulars(parts, len(segments.damaged), measured)
    with bundle_in_the_making(options.out) as directory:
        write_saved_model(network, class_labels, directory, ARCHITECTURE.score_segments)
        assets = directory / "assets"
        write_ontology(options.data / "audioset" / SOURCE_FILE, assets / ONTOLOGY_FILE)
        write_thresholds(assets / THRESHOLDS_FILE, class_labels, unseen, segments.labels)
        write_card(directory, card_fields(network, options.out, particulars))
    console.print(measured)
    console.print(f"written: {options.out}", markup=False, soft_wrap=True)


def command(options: argparse.Namespace) -> int:
    """Runs; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    return exit_code(lambda: run(options, Console()), Console(stderr=True))


def main() -> None:
    """Sets TensorFlow up before its first operation, then runs."""
    options = parse_arguments()
    limit_threads(options.threads)
    sys.exit(command(options))


if __name__ == "__main__":
    main()
