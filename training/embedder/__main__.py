"""Trains the shipped compact embedder: ``python -m training.embedder``.

Needs the anchor that ``python -m training.frame_level`` makes.
"""

from __future__ import annotations

import argparse
import sys
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
from training.embedder.partition import Partition, partition
from training.embedder.recordings import read_manifest
from training.embedder.sources import data_sources
from training.errors import BadInput
from training.exit_code import exit_code
from training.export import load_patch_network
from training.frame_level.frames import dequantise
from training.frame_level.report import read_split
from training.model_place import add_development, add_model, model_place
from training.places import ANCHOR, DATA, EMBEDDER
from training.readers import read_class_labels
from training.session import command_line, commit, compute_in_bf16, limit_threads, today
from training.threads import add_threads

AUDIOSET_USE = (
    "features and labels, through the anchor: a frame-level model of them, frozen; "
    "no recording of AudioSet was heard"
)


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    defaults = DistilSettings()
    parser = argparse.ArgumentParser(prog="python -m training.embedder", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    add_model(parser, "--out", EMBEDDER)
    parser.add_argument("--anchor", type=Path, default=ANCHOR)
    parser.add_argument("--windows", type=int, default=70_000, help="each is heard twice")
    parser.add_argument("--epochs", type=int, default=defaults.num_epochs)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    add_threads(parser)
    add_development(parser)
    options = parser.parse_args(arguments)
    options.out = model_place(options.out, EMBEDDER, options.development)
    return options


def audioset_moments(
    data: Path, console: Console
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns mean and variance per dimension of AudioSet's released embeddings.

    Raises:
        BadInput: They cannot be read.
    """
    class_labels = read_class_labels(data / "audioset" / "class_labels_indices.csv")
    segments = read_split(data, "bal_train", class_labels, console)
    is_frame = np.arange(segments.codes.shape[1]) < segments.num_frames[:, None]
    return moments(dequantise(segments.codes[is_frame]).numpy())


def card_fields(options: argparse.Namespace, parts: Partition) -> dict[str, Any]:
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
        "data": [*data_sources(parts.training), {**AUDIOSET_SOURCE, "use": AUDIOSET_USE}],
        "partition": parts.summary(),
        "metrics": {},
        "command": command_line("training.embedder"),
        "date": today(),
        "commit": commit(),
    }


def train(options: argparse.Namespace, parts: Partition, console: Console) -> keras.Model:
    """Makes the lessons from recordings and returns the distilled embedder."""
    settings = DistilSettings(num_epochs=options.epochs, seed=options.seed)
    patch_network = _load_anchor(options.anchor)
    target_moments = audioset_moments(options.data, console)
    lessons = make_lessons(
        options.data, parts.training, options.windows, options.seed, options.threads
    )
    return distil(lessons, patch_network, target_moments, settings, console)


def _load_anchor(directory: Path) -> keras.Model:
    try:
        return load_patch_network(directory)
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{directory}: cannot be used as the anchor ({error}); "
            "`python -m training.frame_level` makes it"
        ) from None


def run(options: argparse.Namespace, console: Console) -> None:
    """Trains and writes the bundle; `python -m training.held_out` measures it.

    Raises:
        TrainingError: Something given cannot be used.
    """
    parts = partition(read_manifest(options.data / "sounds"), options.development)
    console.print(parts.summary(), markup=False, soft_wrap=True)
    embedder = train(options, parts, console)
    with bundle_in_the_making(options.out) as directory:
        write_ir(embedder, directory)
        write_card(directory, card_fields(options, parts))
    console.print(f"written: {options.out}", markup=False, soft_wrap=True)


def command(options: argparse.Namespace) -> int:
    """Runs; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    return exit_code(lambda: run(options, Console()), Console(stderr=True))


def main() -> None:
    """Sets TensorFlow up before its first operation, then runs."""
    options = parse_arguments()
    limit_threads(options.threads)
    compute_in_bf16()
    sys.exit(command(options))


if __name__ == "__main__":
    main()
