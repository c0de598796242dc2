"""Measures an embedder and a frame-level bundle together, as the product runs them.

``python -m training.evaluate_embedder`` takes ESC-10's held-out fold: patches every 0.96 s, codes
by `Embedder`, patch scores by the bundle in OpenVINO, a class's score = its highest patch.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from earshot.audio.mel import patches
from earshot.embedding.embedder import Embedder
from earshot.embedding.model_card import read_card
from training import metrics
from training.embedder.recordings import Recording, read_manifest, read_pcm, split
from training.places import BUNDLE, DATA, EMBEDDER
from training.readers import read_class_labels

# Which AudioSet classes count as right for a class of ESC-10.
ESC10_CLASSES: dict[str, tuple[str, ...]] = {
    "Baby cry": ("Baby cry, infant cry", "Crying, sobbing"),
    "Chainsaw": ("Chainsaw",),
    "Clock tick": ("Clock", "Tick", "Tick-tock"),
    "Dog bark": ("Dog", "Bark", "Yip", "Bow-wow", "Whimper (dog)"),
    "Fire crackling": ("Fire", "Crackle"),
    "Helicopter": ("Helicopter",),
    "Person sneeze": ("Sneeze",),
    "Rain": ("Rain", "Raindrop", "Rain on surface"),
    "Rooster": ("Chicken, rooster", "Crowing, cock-a-doodle-doo"),
    "Sea waves": ("Ocean", "Waves, surf"),
}


def load_frame_level(directory: Path) -> ov.CompiledModel:
    """Returns a frame-level bundle compiled for one thread in f32."""
    options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    return ov.Core().compile_model(str(directory), "CPU", options)


def highest_patch_scores(
    codes: NDArray[np.uint8], frame_level: ov.CompiledModel
) -> NDArray[np.float32]:
    """Returns float32 (527,): for each class the highest score of the patches (n, 128), n >= 1."""
    count = np.array([len(codes)], np.int32)
    outputs = frame_level({"embeddings": codes[None], "num_frames": count})
    highest: NDArray[np.float32] = outputs["patch_scores"][0].max(axis=0)
    return highest


def top_hits(
    sounds: Path,
    recordings: Sequence[Recording],
    embedder: Embedder,
    frame_level: ov.CompiledModel,
    class_names: Sequence[str],
) -> dict[str, Any]:
    """Returns how often ESC-10's class is found among all classes, and among its ten.

    Args:
        sounds: The folder of the recordings.
        recordings: Clips of ESC-10.
        embedder: Makes the codes.
        frame_level: Scores them.
        class_names: AudioSet's display names in order.

    Returns:
        ``top_5_of_527`` and ``top_1_of_10`` over the clips, ``top_5_by_class``, ``num_clips``, and
        ``share_of_clipped_codes``: codes that are 0 or 255.
    """
    names = list(ESC10_CLASSES)
    members = np.zeros((len(names), len(class_names)), np.bool_)
    for row, name in enumerate(names):
        members[row, [class_names.index(member) for member in ESC10_CLASSES[name]]] = True
    truth = np.array([names.index(recording.label_of_set) for recording in recordings])
    codes = [
        embedder.embed(patches(read_pcm(sounds / recording.file)))
        for recording in track(recordings, description="ESC-10")
    ]
    scores = np.stack([highest_patch_scores(rows, frame_level) for rows in codes])
    best_of_ten = np.stack([scores[:, row].max(axis=1) for row in members], axis=1).argmax(axis=1)
    hits = np.any((metrics.ranks(scores) < 5) & members[truth], axis=1)
    every_code = np.concatenate(codes)
    return {
        "num_clips": len(recordings),
        "top_5_of_527": round(float(hits.mean()), 4),
        "top_1_of_10": round(float((best_of_ten == truth).mean()), 4),
        "top_5_by_class": {
            name: round(float(hits[truth == row].mean()), 3) for row, name in enumerate(names)
        },
        "share_of_clipped_codes": round(float(np.isin(every_code, (0, 255)).mean()), 4),
    }


def measure_held_out(data: Path, embedder_directory: Path, bundle: Path) -> dict[str, Any]:
    """Returns `top_hits` on ESC-10's held-out fold, with what they were measured on."""
    labels = read_class_labels(data / "audioset" / "class_labels_indices.csv")
    _, held_out = split(read_manifest(data / "sounds"))
    embedder = Embedder.load(embedder_directory)
    card = read_card(bundle, kind="frame_level")
    measured = top_hits(
        data / "sounds",
        held_out,
        embedder,
        load_frame_level(bundle),
        [label.display_name for label in labels],
    )
    return {
        "on": "ESC-10, fold 4, held out of all training",
        "with": f"{embedder.name_version} and {card.name_version}",
        **measured,
        "counted_as_right": ESC10_CLASSES,
    }


def main() -> None:
    """Prints the measures of two bundles."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate_embedder", description=__doc__
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--embedder", type=Path, default=EMBEDDER)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    options = parser.parse_args()
    Console().print(measure_held_out(options.data, options.embedder, options.bundle))


if __name__ == "__main__":
    main()
