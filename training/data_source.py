"""Where the data of a training are from, for the card of what it makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from earshot.embedding.model_card import AUDIOSET_SPACE
from training.card import AUDIOSET_SOURCE
from training.dataset.description import DESCRIPTION_FILE
from training.errors import BadInput

# The name under which AudioSet publishes its classes.
AUDIOSET_CLASSES = "class_labels_indices.csv"
_TOLD = ("sources", "num_recordings", "seconds", "embedder", "embedding_space", "command", "date")


def describe_source(folder: Path, labels: Path) -> dict[str, Any]:
    """Returns name, licence and what else is known of the data.

    Args:
        folder: Of the shards; beside them `dataset.json` tells of one's own recordings.
        labels: The list of classes; AudioSet's goes by its name.

    Raises:
        BadInput: The description cannot be read, or the codes are of another embedding space.
    """
    description = folder / DESCRIPTION_FILE
    if description.exists():
        return _own(description)
    if labels.name == AUDIOSET_CLASSES:
        return dict(AUDIOSET_SOURCE)
    return {"name": str(folder), "licence": "not stated"}


def _own(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        space = told["embedding_space"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path}: not the description of a dataset ({error})") from None
    if space != AUDIOSET_SPACE:
        raise BadInput(f"{path}: embeddings of {space}; models here are of {AUDIOSET_SPACE}")
    name = f"own recordings, {path.parent.name}"
    kept = {key: told[key] for key in _TOLD if key in told}
    return {"name": name, "licence": "not stated", **kept}
