"""The two models, loaded into this process instead of asked over the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.cli.errors import CannotStart
from earshot.contracts.messages import Codes
from earshot.embedding.bundles import newest_bundle
from earshot.embedding.class_count import LABELS
from earshot.embedding.embedder import Embedder
from earshot.embedding.errors import EmbeddingError
from earshot.embedding.model_card import ModelCard, read_card
from earshot.events.errors import BadLabels
from earshot.events.labels import ClassIndex, read_class_index
from earshot.scoring.scored import Predict, Scored
from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.settings import ModelSettings
from services.modelserver.errors import LoadError, RequestError
from services.modelserver.loading import load_version
from services.modelserver.model import Model


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """What hears.

    Attributes:
        embedder: Makes codes of patches.
        card: Of the frame-level model.
        classes: What its scores are about.
        predict: Asks it.
        model: Its name@version.
    """

    embedder: Embedder
    card: ModelCard
    classes: ClassIndex
    predict: Predict
    model: str


def load_models(settings: ModelSettings) -> Models:
    """Loads the newest version of both models, as the services do.

    One thread each, as in the services: with another number the last bits would differ.

    Raises:
        CannotStart: One of them is missing or broken, or they do not fit together.
    """
    try:
        bundle = newest_bundle(settings.models_dir, settings.model)
        card = read_card(bundle, kind="frame_level")  # `load_version` holds the files against it
        scorer = load_version(bundle, "f32", num_threads=1).model(DEFAULT_SIGNATURE)
        embedder_bundle = newest_bundle(settings.models_dir, settings.embedder)
        embedder = Embedder.load(embedder_bundle, settings.precision, num_threads=1)
        classes = read_class_index(bundle / LABELS)
    except (EmbeddingError, LoadError, RequestError, BadLabels) as error:
        raise CannotStart(str(error)) from None
    if card.embedding_space != embedder.embedding_space:
        raise CannotStart(
            f"{settings.model} takes embeddings of the space {card.embedding_space!r}; "
            f"{settings.embedder} gives {embedder.embedding_space!r}"
        )
    model = f"{settings.model}@{bundle.name}"
    return Models(embedder, card, classes, in_process(scorer, model), model)


def in_process(scorer: Model, model: str) -> Predict:
    """Returns a function that asks a loaded frame-level model."""

    def predict(codes: Codes, num_patches: NDArray[np.int32]) -> Scored:
        outputs = scorer.run({"embeddings": codes, "num_frames": num_patches})
        return Scored(outputs["scores"], outputs["patch_scores"], model)

    return predict
