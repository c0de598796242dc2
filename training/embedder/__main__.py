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

from earshot.embedding.card_writer import write_card
from earshot.embedding.model_card import AUDIOSET_SPACE
from training.card import AUDIOSET_SOURCE, bundle_in_the_making
from training.embedder.distil import DistilSettings, distil, moments
from training.embedder.lessons import make_lessons
from training.embedder.network import build_embedder, write_ir
from training.embedder.partition import partition
from training.embedder.recordings import Recording, read_manifest
from training.embedder.sources import data_sources
from training.export import load_patch_network
from training.frame_level.frames import dequantise
from training.places import ANCHOR, DATA, EMBEDDER
from training.readers import read_class_labels, read_segments
from training.session import command_line, commit, compute_in_bf16, limit_threads, today

AUDIOSET_USE = (
    "features and labels, through the anchor: a frame-level model of them, frozen; "
    "no recording of AudioSet was heard"
)

FOR_DEVELOPMENT = "hold out a second part, to choose settings by"


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    defaults = DistilSettings()
    parser = argparse.ArgumentParser(prog="python -m training.embedder", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=EMBEDDER)
    parser.add_argument("--anchor", type=Path, default=ANCHOR)
    parser.add_argument("--windows", type=int, default=80_000, help="each is heard twice")
    parser.add_argument("--epochs", type=int, default=defaults.num_epochs)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--development", action="store_true", help=FOR_DEVELOPMENT)
    return parser.parse_args(arguments)


def audioset_moments(data: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns mean and variance per dimension of AudioSet's released embeddings."""
    num_classes = len(read_class_labels(data / "audioset" / "class_labels_indices.csv"))
    shards = sorted((data / "audioset" / "bal_train").glob("*.tfrecord"))
    segments = read_segments(shards, num_classes)
    is_frame = np.arange(segments.codes.shape[1]) < segments.num_frames[:, None]
    return moments(dequantise(segments.codes[is_frame]).numpy())


def card_fields(options: argparse.Namespace, recordings: Sequence[Recording]) -> dict[str, Any]:
    """Returns everything of the card but the checksums and what is measured later."""
    return {
        "name": options.out.parent.name,
        "version": int(options.out.name),
        "kind": "embedder",
        "embedding_space": AUDIOSET_SPACE,
        "description": "A small convolutional network, distilled to stand in for VGGish.",
        "input": "patches float32 [n, 96, 64]: ln(mel + 0.01) of 0.975 s at 16 kHz",
        "output": "values float32 [n, 128] in (-2, 2), to be quantised: trunc((v + 2) * 255 / 4)",
        "parameters": build_embedder().count_params(),
        "precision": "weights stored in f16; computes in f32, or bf16 on request",
        "licence": "Apache-2.0",
        "data": [*data_sources(recordings), {**AUDIOSET_SOURCE, "use": AUDIOSET_USE}],
        "metrics": {},
        "command": command_line("training.embedder"),
        "date": today(),
        "commit": commit(),
    }


def train(
    options: argparse.Namespace, recordings: Sequence[Recording], console: Console
) -> keras.Model:
    """Makes the lessons from recordings and returns the distilled embedder."""
    settings = DistilSettings(num_epochs=options.epochs, seed=options.seed)
    lessons = make_lessons(options.data, recordings, options.windows, options.seed, options.threads)
    patch_network = load_patch_network(options.anchor)
    target_moments = audioset_moments(options.data)
    *_, embedder = distil(lessons, patch_network, target_moments, settings, console)
    return embedder


def main() -> None:
    """Trains and writes the bundle; `python -m training.held_out` measures it."""
    options = parse_arguments()
    limit_threads(options.threads)
    compute_in_bf16()
    console = Console()
    manifest = read_manifest(options.data / "sounds")
    recordings = partition(manifest, options.development).training
    embedder = train(options, recordings, console)
    with bundle_in_the_making(options.out) as directory:
        write_ir(embedder, directory)
        write_card(directory, card_fields(options, recordings))
    console.print(f"written: {options.out}")


if __name__ == "__main__":
    main()
