"""A training's state in one file: it is whole or it is the one before.

An `.npz` of plain arrays and one JSON text, `fields`.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.errors import BadCheckpoint
from training.whole_file import whole_file

CHECKPOINT_FILE = "checkpoint.npz"
_FIELDS = "fields"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """What a training needs to go on.

    Attributes:
        fields: What is being trained, and how far it is; JSON values.
        groups: Arrays in the order of the variables they belong to, by group.
    """

    fields: Mapping[str, Any]
    groups: Mapping[str, list[NDArray[Any]]]


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Writes the file; when that fails, the one that was there stays.

    Raises:
        BadCheckpoint: It could not be written, e.g. the disk is full.
    """
    arrays: dict[str, Any] = {
        f"{group}/{index:04d}": array
        for group, members in checkpoint.groups.items()
        for index, array in enumerate(members)
    }
    arrays[_FIELDS] = np.array(json.dumps(checkpoint.fields))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as aside, aside.open("wb") as file:
            np.savez(file, **arrays)
    except OSError as error:
        raise BadCheckpoint(
            f"{path}: could not be written ({error}); the one before stays"
        ) from None


def read_checkpoint(path: Path) -> Checkpoint:
    """Returns what `write_checkpoint` wrote.

    Raises:
        BadCheckpoint: There is none, or it is damaged.
    """
    groups: dict[str, list[NDArray[Any]]] = {}
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            fields = json.loads(str(file[_FIELDS]))
            for name in sorted(set(file.files) - {_FIELDS}):
                groups.setdefault(name.split("/")[0], []).append(file[name])
    except FileNotFoundError:
        raise BadCheckpoint(f"{path}: there is no checkpoint") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise BadCheckpoint(f"{path}: damaged ({error})") from None
    return Checkpoint(fields, groups)


def check_same_training(path: Path, stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Compares what a checkpoint is of with what shall be trained.

    Raises:
        BadCheckpoint: They differ; the sentence names the first difference.
    """
    found = dict(_leaves(stored))
    for name, value in _leaves(wanted):
        if found.get(name) != value:
            raise BadCheckpoint(
                f"{path}: of a training with {name} {found.get(name)}, not {value}; "
                "take another --train-dir, or --start-new-model to overwrite it"
            )


def _leaves(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yields every name with its plain value, those of nested fields too."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _leaves(value)
        else:
            yield name, value
