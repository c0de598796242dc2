"""Why a bundle would be refused: everything that is wrong with it, not the first thing alone."""

from __future__ import annotations

from pathlib import Path

from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import bundle_problems, read_card
from earshot.embedding.postprocess import Pca


def problems_of(directory: Path) -> list[str]:
    """Returns a sentence for each reason to refuse a bundle; none when it is sound."""
    try:
        card = read_card(directory)
        problems = list(bundle_problems(card))
        if card.pca_file is not None and not problems:
            Pca.load(directory / card.pca_file)
    except BadBundle as error:
        return [str(error)]
    return problems
