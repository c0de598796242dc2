"""From the options of a training to its classes and segments, and to settings that suit so many."""

from __future__ import annotations

import argparse
import glob
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from training.data_source import AUDIOSET_CLASSES, describe_source
from training.errors import BadInput
from training.frame_level.settings import FitSettings
from training.frame_level.split import suit_batch, suit_validation
from training.ontology import SOURCE_FILE
from training.places import DATA
from training.readers import ClassLabel, Segments
from training.shards import check_features, read_labels, read_pattern

_AUDIOSET = DATA / "audioset"
_SHOWN_CLASSES = 10


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What a training learns from.

    Attributes:
        class_labels: The classes.
        ontology: AudioSet's, where it lies beside the list of classes; else None.
        segments: Labelled.
        source: Where they are from, for the card.
    """

    class_labels: list[ClassLabel]
    ontology: Path | None
    segments: Segments
    source: dict[str, Any]


def read_training_data(options: argparse.Namespace, console: Console) -> TrainingData:
    """Returns the data that the options name, and says what is odd about them.

    Raises:
        BadInput: They cannot be read, or nothing can be learnt from them.
    """
    check_features(options.feature_names, options.feature_sizes)
    if not options.frame_features:
        raise BadInput("--no-frame-features: every model here reads frames")
    pattern, labels = _sources(options)
    folder = Path(pattern).parent if options.train_data_pattern else options.data
    source = describe_source(folder or _AUDIOSET, labels)
    class_labels = read_labels(labels, options.num_classes)
    segments = read_pattern(pattern, len(class_labels), console)
    _tell_empty_classes(segments, class_labels, pattern, console)
    ontology = labels.with_name(SOURCE_FILE)
    return TrainingData(class_labels, ontology if ontology.exists() else None, segments, source)


def _sources(options: argparse.Namespace) -> tuple[str, Path]:
    """Returns the pattern of the shards and the list of classes."""
    given: tuple[str | None, Path | None] = (options.train_data_pattern, options.labels)
    folder: Path | None = options.data
    if folder is not None and not folder.is_dir():
        raise BadInput(f"--data {folder}: no such folder")
    if folder is not None:
        own = (str(Path(glob.escape(str(folder))) / "*.tfrecord"), folder / "labels.csv")
    elif None not in given or _AUDIOSET.is_dir():
        own = (str(_AUDIOSET / "bal_train" / "*.tfrecord"), _AUDIOSET / AUDIOSET_CLASSES)
    else:
        raise BadInput(
            "nothing to train on: give --data, a folder made by `earshot dataset build`, "
            "or both --train-data-pattern and --labels"
        )
    return given[0] or own[0], given[1] or own[1]


def _tell_empty_classes(
    segments: Segments, class_labels: Sequence[ClassLabel], pattern: str, console: Console
) -> None:
    empty = np.flatnonzero(~segments.labels.any(axis=0))
    if len(empty) == len(class_labels):
        raise BadInput(f"{pattern}: none of the {len(segments)} segments has a label")
    if len(empty):
        names = ", ".join(class_labels[index].display_name for index in empty[:_SHOWN_CLASSES])
        more = f" and {len(empty) - _SHOWN_CLASSES} more" if len(empty) > _SHOWN_CLASSES else ""
        console.print(
            f"no positive example of {len(empty)} of {len(class_labels)} classes, which will "
            f"never be heard: {names}{more}",
            style="yellow",
            markup=False,
            soft_wrap=True,
        )


def suit_settings(
    settings: FitSettings, segments: Segments, given: Collection[str], console: Console
) -> FitSettings:
    """Returns settings that suit a small data set, and says what it changed.

    Args:
        settings: The recipe, and what the command line gives.
        segments: All of them.
        given: Names of the settings that the command line gives; these stay as they are.
        console: Where that is said.
    """
    if "validation_share" not in given:
        suited = suit_validation(settings, segments)
        if suited != settings:
            console.print(
                f"{len(segments)} segments are few: none is held out for validation, every epoch "
                "counts (--validation-share holds some out)"
            )
        settings = suited
    if "batch_size" not in given:
        suited = suit_batch(settings, segments)
        if suited != settings:
            console.print(
                f"{len(segments)} segments are few: batches of {suited.batch_size} instead of "
                f"{settings.batch_size} (--batch-size sets another)"
            )
        settings = suited
    return settings
