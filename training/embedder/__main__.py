"""Trains the shipped compact embedder: ``python -m training.embedder``.

Needs the anchor that ``python -m training.frame_level`` makes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from training.card import AUDIOSET_SOURCE, bundle_in_the_making, write_card
from training.embedder.distil import DistilSettings, distil, moments
from training.embedder.lessons import make_lessons
from training.embedder.network import build_embedder, write_ir
from training.embedder.recordings import Recording, read_manifest, split
from training.embedder.sources import data_sources
from training.evaluate_embedder import measure_held_out
from training.export import load_patch_network
from training.frame_level.frames import dequantise
from training.places import ANCHOR, DATA, EMBEDDER, SPACE
from training.readers import read_class_labels, read_segments
from training.session import command_line, compute_in_bf16, limit_threads, today

AUDIOSET_USE = (
    "features and labels, through the anchor: a frame-level model of them, frozen; "
    "no recording of AudioSet was heard"
)


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    defaults = DistilSettings()
    parser = argparse.ArgumentParser(prog="python -m training.embedder", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=EMBEDDER)
    parser.add_argument("--anchor", type=Path, default=ANCHOR)
    parser.add_argument("--windows", type=int, default=40_000)
    parser.add_argument("--epochs", type=int, default=defaults.num_epochs)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args(arguments)


def audioset_moments(data: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns mean and variance per dimension of AudioSet's released embeddings."""
    num_classes = len(read_class_labels(data / "audioset" / "class_labels_indices.csv"))
    shards = sorted((data / "audioset" / "bal_train").glob("*.tfrecord"))
    segments = read_segments(shards, num_classes)
    is_frame = np.arange(segments.codes.shape[1]) < segments.num_frames[:, None]
    return moments(dequantise(segments.codes[is_frame]).numpy())


def card_fields(
    options: argparse.Namespace, recordings: Sequence[Recording], measured: dict[str, Any]
) -> dict[str, Any]:
    """Returns everything of the card but the checksums."""
    return {
        "name": options.out.parent.name,
        "version": int(options.out.name),
        "kind": "embedder",
        "embedding_space": SPACE,
        "description": "A small convolutional network, distilled to stand in for VGGish.",
        "input": "patches float32 [n, 96, 64]: ln(mel + 0.01) of 0.975 s at 16 kHz",
        "output": "values float32 [n, 128] in (-2, 2), to be quantised: trunc((v + 2) * 255 / 4)",
        "parameters": build_embedder().count_params(),
        "precision": "weights stored in f16; computes in f32, or bf16 on request",
        "licence": "Apache-2.0",
        "data": [*data_sources(recordings), {**AUDIOSET_SOURCE, "use": AUDIOSET_USE}],
        "metrics": measured,
        "command": command_line("training.embedder"),
        "date": today(),
    }


def train(options: argparse.Namespace, console: Console) -> keras.Model:
    """Makes the lessons and returns the distilled embedder."""
    settings = DistilSettings(num_epochs=options.epochs, seed=options.seed)
    lessons = make_lessons(options.data, options.windows, options.seed, options.threads)
    patch_network = load_patch_network(options.anchor)
    target_moments = audioset_moments(options.data)
    *_, embedder = distil(lessons, patch_network, target_moments, settings, console)
    return embedder


def main() -> None:
    """Trains, writes the bundle, measures it on the held-out fold and completes its card."""
    options = parse_arguments()
    limit_threads(options.threads)
    compute_in_bf16()
    console = Console()
    recordings, _ = split(read_manifest(options.data / "sounds"))
    embedder = train(options, console)
    with bundle_in_the_making(options.out) as directory:
        write_ir(embedder, directory)
        # The embedder is loaded as the product loads it, which needs a card: measure, then rewrite.
        write_card(directory, card_fields(options, recordings, {}))
        measured = measure_held_out(options.data, directory, options.anchor)
        write_card(directory, card_fields(options, recordings, measured))
    console.print(measured)
    console.print(f"written: {options.out}")


if __name__ == "__main__":
    main()
