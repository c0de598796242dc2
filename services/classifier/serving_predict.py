"""Asks a model server, and says what its refusals mean for the stream."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.messages import Codes
from earshot.scoring.asking import asking
from earshot.scoring.scored import Predict, Scored
from earshot.serving.client import ServingClient
from earshot.serving.errors import BadTensor, ModelRefused, ModelUnavailable
from earshot.streams.errors import DependencyAway


def serving_predict(client: ServingClient, model: str) -> Predict:
    """Returns a function that asks the newest version of a model.

    It raises DependencyAway when the server is away, late or full, and also when it refuses: that
    is a wrong deployment, not a wrong message, since every input is built here. Nothing is lost
    while a person puts it right.
    """
    ask = asking(client, model)

    def predict(codes: Codes, num_patches: NDArray[np.int32]) -> Scored:
        try:
            return ask(codes, num_patches)
        except (ModelUnavailable, ModelRefused, BadTensor) as error:
            raise DependencyAway(f"model {model}: {error}") from error

    return predict
