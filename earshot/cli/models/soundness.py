"""What is wrong with a bundle and what is worth a remark: all of it, not the first thing alone."""

from __future__ import annotations

from pathlib import Path

from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import (
    CARD_FILE,
    bundle_problems,
    has_card,
    read_card,
    unlisted_files,
)
from earshot.embedding.postprocess import Pca
from earshot.serving.saved_model import FILE_NAME


def problems_of(directory: Path) -> list[str]:
    """Returns a sentence for each reason to refuse a bundle; none when it is sound."""
    if _is_of_others(directory):
        return []
    try:
        card = read_card(directory)
        problems = list(bundle_problems(card))
        if card.pca_file is not None and not problems:
            Pca.load(directory / card.pca_file)
    except BadBundle as error:
        return [str(error)]
    return problems


def remarks_of(directory: Path) -> list[str]:
    """Returns a sentence for each thing in a sound bundle that nothing vouches for."""
    if _is_of_others(directory):
        return [f"{directory / CARD_FILE}: lists no files, so none of them is checked"]
    unlisted = unlisted_files(read_card(directory))
    return [f"{path}: the card does not list this file; not checked" for path in unlisted]


def _is_of_others(directory: Path) -> bool:
    """Whether it is a SavedModel whose card is somebody else's, which a model server takes."""
    return (directory / FILE_NAME).exists() and not has_card(directory)
