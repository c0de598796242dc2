"""Asks a model server for scores."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.messages import Codes
from earshot.scoring.scored import Predict, Scored
from earshot.serving.client import ServingClient
from earshot.serving.errors import ModelRefused


def asking(client: ServingClient, model: str, version: int | None = None) -> Predict:
    """Returns a function that asks one version of a model; the newest when None.

    It raises ServingError as `ServingClient.predict` does, and ModelRefused when the model's
    outputs are not those of a frame-level model.
    """

    def predict(codes: Codes, num_patches: NDArray[np.int32]) -> Scored:
        inputs: dict[str, NDArray[Any]] = {"embeddings": codes, "num_frames": num_patches}
        outputs, answered = client.predict(model, inputs, version)
        try:
            scores, patch_scores = outputs["scores"], outputs["patch_scores"]
        except KeyError as error:
            raise ModelRefused(f"it has no output {error}") from None
        return Scored(scores, patch_scores, f"{model}@{answered}")

    return predict
