"""Asks a model server, and says what its refusals mean for the stream."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.messages import Codes
from earshot.serving.client import ServingClient
from earshot.serving.errors import BadTensor, ModelRefused, ModelUnavailable
from earshot.streams.errors import DependencyAway
from services.classifier.handler import Predict, Scored


def serving_predict(client: ServingClient, model: str) -> Predict:
    """Returns a function that asks the newest version of a model.

    It raises DependencyAway when the server is away, late or full, and also when it refuses: that
    is a wrong deployment, not a wrong message, since every input is built here. Nothing is lost
    while a person puts it right.
    """

    def predict(codes: Codes, num_patches: NDArray[np.int32]) -> Scored:
        inputs: dict[str, NDArray[Any]] = {"embeddings": codes, "num_frames": num_patches}
        try:
            outputs, version = client.predict(model, inputs)
            scores, patch_scores = outputs["scores"], outputs["patch_scores"]
        except (ModelUnavailable, ModelRefused, BadTensor) as error:
            raise DependencyAway(f"model {model}: {error}") from error
        except KeyError as error:
            raise DependencyAway(f"model {model} has no output {error}") from error
        return Scored(scores, patch_scores, f"{model}@{version}")

    return predict
