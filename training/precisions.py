"""What bf16 and int8 cost an embedder: ``python -m training.precisions``.

Writes the int8 network beside the one it is made of, compares the codes of held-out recordings in
each precision with those in f32, and notes it in the embedder's card.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from rich.console import Console

from earshot.audio.mel import patches
from earshot.audio.params import PATCH_SAMPLES
from earshot.embedding.card_writer import write_card
from earshot.embedding.embedder import INT8_MODEL_FILE, MODEL_FILE, Embedder
from earshot.embedding.errors import EmbeddingError, UnsupportedPrecision
from earshot.embedding.model_card import read_card_fields, verify_bundle
from training import metrics
from training.card import bundle_in_the_making
from training.embedder.partition import partition
from training.embedder.recordings import Recording, read_manifest, read_pcm
from training.errors import BadInput
from training.exit_code import exit_code
from training.held_out.heard import Listener
from training.places import BUNDLE, DATA, EMBEDDER

NUM_CALIBRATION_PATCHES = 300
NUM_MEASURED_PATCHES = 1_000


def some_patches(
    sounds: Path, recordings: Sequence[Recording], count: int, seed: int
) -> NDArray[np.float32]:
    """Returns log-mel patches float32 (count, 96, 64), each of a recording drawn at random."""
    rng = np.random.default_rng(seed)
    drawn = []
    for index in rng.integers(len(recordings), size=count):
        pcm = read_pcm(sounds / recordings[index].file)
        pcm = np.pad(pcm, (0, max(0, PATCH_SAMPLES - len(pcm))))
        start = rng.integers(len(pcm) - PATCH_SAMPLES + 1)
        drawn.append(patches(pcm[start : start + PATCH_SAMPLES])[0])
    return np.stack(drawn)


def write_int8(directory: Path, calibration: NDArray[np.float32]) -> None:
    """Writes `model_int8.xml` and `.bin` beside `model.xml`.

    The ranges of activations are the widest seen: nncf's default, their mean, cuts loud patches
    off.

    Args:
        directory: Of the embedder.
        calibration: Patches float32 (n, 96, 64) that show those ranges.
    """
    # Seconds to import, and no other command needs them.
    import nncf
    from nncf.quantization.advanced_parameters import AdvancedQuantizationParameters
    from nncf.quantization.range_estimator import RangeEstimatorParametersSet

    widest = AdvancedQuantizationParameters(
        activations_range_estimator_params=RangeEstimatorParametersSet.MINMAX
    )
    # It compiles networks: in a thread of its own, for the reason in `earshot.openvino_model`.
    with ThreadPoolExecutor(1, thread_name_prefix="quantise") as aside:
        quantised = aside.submit(
            nncf.quantize,
            ov.Core().read_model(directory / MODEL_FILE),
            nncf.Dataset([patch[None] for patch in calibration]),
            subset_size=len(calibration),
            advanced_parameters=widest,
        ).result()
    ov.save_model(quantised, directory / INT8_MODEL_FILE, compress_to_fp16=True)


def compare(
    directory: Path, bundle: Path, measured_on: NDArray[np.float32]
) -> dict[str, dict[str, float]]:
    """Returns, for bf16 and int8, how codes and classes differ from those in f32.

    Args:
        directory: Of the embedder.
        bundle: A frame-level bundle, in f32, to score the codes.
        measured_on: Patches float32 (n, 96, 64).

    Returns:
        Per precision: ``changed_codes``, their share; ``mean_step``, the mean difference of a
        code, of 255; ``changed_top_5``, the share of patches whose best five classes are not the
        same five; ``changed_best``, whose best class is another. A precision that this processor
        does not compute in is left out.
    """
    reference = Embedder.load(directory, "f32")
    listener = Listener(reference, bundle)
    codes = reference.embed(measured_on)
    ranks = metrics.ranks(listener.score(codes))
    compared = {}
    for precision in ("bf16", "int8"):
        try:
            others = Embedder.load(directory, precision).embed(measured_on)
        except UnsupportedPrecision:
            continue
        other_ranks = metrics.ranks(listener.score(others))
        steps = np.abs(others.astype(np.int16) - codes)
        compared[precision] = {
            "changed_codes": round(float((steps > 0).mean()), 4),
            "mean_step": round(float(steps.mean()), 3),
            "changed_top_5": round(float(((ranks < 5) != (other_ranks < 5)).any(1).mean()), 4),
            "changed_best": round(float(((ranks == 0) != (other_ranks == 0)).any(1).mean()), 4),
        }
    return compared


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Returns the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.precisions", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--embedder", type=Path, default=EMBEDDER)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    return parser.parse_args(arguments)


def add_int8(
    embedder: Path,
    bundle: Path,
    calibration: NDArray[np.float32],
    measured_on: NDArray[np.float32],
) -> dict[str, dict[str, float]]:
    """Writes the int8 network and what it costs into a copy of an embedder, which takes its place.

    Returns:
        What `compare` measured.

    Raises:
        EmbeddingError: A bundle cannot be used.
        OSError: The disk is full, or the place cannot be written; what was there stays.
    """
    verify_bundle(embedder, kind="embedder")
    verify_bundle(bundle, kind="frame_level")
    with bundle_in_the_making(embedder) as directory:
        shutil.copytree(embedder, directory, dirs_exist_ok=True)
        write_int8(directory, calibration)
        fields: dict[str, Any] = read_card_fields(directory)
        write_card(directory, fields)  # with the new files, or it would not load
        compared = compare(directory, bundle, measured_on)
        fields["metrics"]["precisions"] = {
            "on": f"{len(measured_on)} patches of held-out recordings, against f32",
            **compared,
        }
        write_card(directory, fields)
    return compared


def run(options: argparse.Namespace, console: Console) -> None:
    """Writes the int8 network, compares, and completes the card.

    Raises:
        TrainingError: Something given cannot be used.
    """
    sounds = options.data / "sounds"
    parts = partition(read_manifest(sounds))
    console.print(parts.summary(), markup=False, soft_wrap=True)
    calibration = some_patches(sounds, parts.training, NUM_CALIBRATION_PATCHES, seed=1)
    measured_on = some_patches(sounds, parts.test, NUM_MEASURED_PATCHES, seed=2)
    try:
        compared = add_int8(options.embedder, options.bundle, calibration, measured_on)
    except EmbeddingError as error:
        raise BadInput(str(error)) from None
    console.print_json(json.dumps(compared))


def command(options: argparse.Namespace) -> int:
    """Runs; returns 0, 1 with a sentence on what is wrong, or 130 after Ctrl-C."""
    return exit_code(lambda: run(options, Console()), Console(stderr=True))


if __name__ == "__main__":
    sys.exit(command(parse_arguments()))
