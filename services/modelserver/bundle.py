"""Checks a bundle of our own against its card; a directory without one is any SavedModel."""

from __future__ import annotations

from pathlib import Path

from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import ModelCard, has_card, verify_bundle
from earshot.serving.api import DEFAULT_SIGNATURE
from services.modelserver.errors import LoadError, RequestError
from services.modelserver.inputs import smallest_inputs
from services.modelserver.model import ModelVersion

_SCORES = "scores"  # [N, C], by the contract of frame-level models


def verify_card(directory: Path) -> ModelCard | None:
    """Compares what lies in a bundle with its card; None when there is none of ours.

    Raises:
        LoadError: The card cannot be read, or a file, the labels or the embedding space are not
            what it says.
    """
    if not has_card(directory):
        return None
    try:
        return verify_bundle(directory)
    except BadBundle as error:
        raise LoadError(str(error)) from None


def check_num_classes(card: ModelCard, version: ModelVersion) -> None:
    """Checks that a model computes as many scores as its card says; its graph may leave that open.

    Raises:
        LoadError: It does not, or computes none.
    """
    if card.num_classes is None:
        return
    try:
        model = version.model(DEFAULT_SIGNATURE)
        num_scores = model.run(smallest_inputs(model.signature))[_SCORES].shape[-1]
    except (RequestError, KeyError, IndexError) as error:
        raise LoadError(f"{card.directory}: no {_SCORES} as its card promises: {error}") from None
    if num_scores != card.num_classes:
        raise LoadError(
            f"{card.directory}: {num_scores} scores; the card says {card.num_classes} classes"
        )
