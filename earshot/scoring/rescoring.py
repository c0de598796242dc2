"""Kept patches scored again, exactly as the classifier scored them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from earshot.scoring.asking import asking
from earshot.scoring.errors import ModelAway, ModelUnfit
from earshot.scoring.scored import Predict, Scored, score_newest
from earshot.scoring.stretch import Stretch
from earshot.scoring.windows import windows_of
from earshot.serving.api import ModelState
from earshot.serving.client import ServingClient
from earshot.serving.errors import ModelRefused, ServingError


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A version of a model that can be asked now.

    Attributes:
        predict: Asks it.
        model: Its name@version.
        remark: A sentence when it is not the one that was asked for; else empty.
    """

    predict: Predict
    model: str
    remark: str = ""


def served_model(client: ServingClient, kept_model: str) -> ServedModel:
    """Returns the version that scored something then, or else the newest that is served.

    Args:
        client: Of the model server.
        kept_model: name@version.

    Raises:
        ModelAway: The server does not answer.
        ModelUnfit: It serves no version of the model.
    """
    name, _, text = kept_model.rpartition("@")
    with _translated(name):
        known = client.status(name)
    available = [version for version, state in known if state is ModelState.AVAILABLE]
    if not available:
        raise ModelUnfit(f"the model server serves no version of {name}")
    wanted = int(text) if text.isdecimal() else None
    version = wanted if wanted in available else max(available)
    model = f"{name}@{version}"
    remark = ""
    if model != kept_model:
        remark = f"{kept_model} is not served any more: {model} scored it again."
    return ServedModel(asking(client, name, version), model, remark)


def rescore(
    stretch: Stretch, served: ServedModel, window_patches: int, max_rows: int
) -> Iterator[Scored]:
    """Yields the scores of a stretch in blocks of at most `max_rows` patches.

    As `score_newest` returns them: float32 (b, C) each, the windows and their newest patches.

    Args:
        stretch: What was kept.
        served: Who scores it.
        window_patches: W.
        max_rows: Windows per request.

    Raises:
        ModelAway: The model server stopped answering.
        ModelUnfit: The model refuses windows of this size, or is gone meanwhile.
    """
    for entry in stretch.entries(max_rows, window_patches):
        windows = windows_of([entry], window_patches)
        with _translated(served.model):
            scored = score_newest(served.predict, *windows, max_rows)
        yield scored


@contextmanager
def _translated(model: str) -> Iterator[None]:
    try:
        yield
    except ModelRefused as error:
        raise ModelUnfit(f"the model server refuses {model}: {error}") from error
    except ServingError as error:
        raise ModelAway(f"the model server does not answer about {model}") from error
