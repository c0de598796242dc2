"""A model server, what it scored, and an api that scores it again; and how to compare them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from earshot.events.cloud_event import utc_text
from earshot.events.event import SoundEvent
from tests.integration.api.conftest import MIDNIGHT_NS
from tests.integration.api.rescored import (
    HOP_NS,
    Commit,
    Heard,
    asked,
    hear,
    keep,
    serving_model,
)

BEGIN, END = utc_text(MIDNIGHT_NS), utc_text(MIDNIGHT_NS + 100 * HOP_NS)
RANGE = {"from": BEGIN, "to": END}


@pytest.fixture(scope="module")
def model_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_model(tmp_path_factory.mktemp("modelserver")) as target:
        yield target


@pytest.fixture(scope="module")
def heard(model_server: str) -> Heard:
    return hear(model_server)


@pytest.fixture
def events(engine: Engine, commit: Commit, heard: Heard) -> list[SoundEvent]:
    """The events in their newest revisions; their embeddings are kept."""
    commit(heard.revisions)
    keep(engine, heard)
    return list({each.event_id: each for each in heard.revisions}.values())


@pytest.fixture
def client(engine: Engine, model_server: str, heard: Heard) -> Iterator[httpx.Client]:
    with asked(engine, model_server, heard.taxonomy) as asking:
        yield asking


def labels_of(events: Sequence[SoundEvent]) -> list[SoundEvent]:
    return [each for each in events if each.category != "scene"]


def assert_close(told: Sequence[float], tracked: NDArray[np.float16]) -> None:
    """Equal within one step of float16, and the rounding to four digits."""
    expected = tracked.astype(float)
    steps = np.spacing(tracked).astype(float)
    assert np.all(np.abs(np.array(told) - expected) <= steps + 0.00005)
