from __future__ import annotations

import numpy as np
import pytest

from earshot.contracts.messages import Flags, Header, Prediction
from earshot.events.scores import Gathering, Members
from earshot.events.taxonomy import Label, Scene, Scenes, Taxonomy
from earshot.events.tracker import Tracker
from earshot.streams.errors import BadMessage, DependencyAway
from services.notifier.handler import follow

TAXONOMY = Taxonomy(
    (Label("Dog", "animal", "low", ("Dog", "Bark"), 0.5, 0.2, 0, 0),),
    Scenes((Scene("Street", ("Car",), min_score=0.25),), window_patches=1, dwell_samples=0),
)
GATHERING = Gathering(
    Members(3, np.array([1, 2]), np.array([0])), Members(3, np.array([0]), np.array([0]))
)


@pytest.fixture
def tracker() -> Tracker:
    return Tracker(TAXONOMY, "kitchen", "01J")


def gathering_of(model: str) -> Gathering:
    if model != "toy@1":
        raise DependencyAway(model)
    return GATHERING


def prediction(
    scores: list[list[float]],
    model: str = "toy@1",
    flags: Flags = Flags.NONE,
    of_window: float = 0.0,
) -> Prediction:
    patch_scores = np.array(scores, np.float16).reshape(
        len(scores), len(scores[0]) if scores else 0
    )
    return Prediction(
        Header("kitchen", "01J", 0, flags=flags),
        model,
        scores=np.full_like(patch_scores, of_window),
        patch_scores=patch_scores,
        level_dbfs=np.full(len(scores), -30, np.float32),
        embedder="ears@2",
    )


def test_the_patch_scores_of_member_classes_decide(tracker: Tracker) -> None:
    (event,) = follow(tracker, prediction([[0.9, 0.0, 0.75]]), gathering_of)

    assert (event.label, event.peak_score) == ("Dog", 0.75)
    assert event.models == ("ears@2", "toy@1")


def test_the_scores_of_windows_decide_about_scenes(tracker: Tracker) -> None:
    (scene,) = follow(tracker, prediction([[0.0, 0.0, 0.0]], of_window=0.3), gathering_of)

    assert (scene.label, scene.category) == ("Street", "scene")
    assert tracker.scene == "Street"


def test_a_message_without_patches_needs_no_model(tracker: Tracker) -> None:
    follow(tracker, prediction([[0.0, 0.0, 0.75]]), gathering_of)

    (event,) = follow(tracker, prediction([], model="", flags=Flags.END_OF_SESSION), gathering_of)

    assert event.state.value == "ended"
    assert event.models == ("ears@2", "toy@1")


def test_scores_of_another_width_are_a_bad_message(tracker: Tracker) -> None:
    with pytest.raises(BadMessage, match="scores are 1x2; the model's labels are 3"):
        follow(tracker, prediction([[0.9, 0.9]]), gathering_of)


def test_labels_that_are_away_are_no_fault_of_the_message(tracker: Tracker) -> None:
    with pytest.raises(DependencyAway):
        follow(tracker, prediction([[0.9, 0.9, 0.9]], model="other@1"), gathering_of)
