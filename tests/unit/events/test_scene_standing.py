"""Which scene reigns after some patches, and what is said about it."""

from __future__ import annotations

import numpy as np
import pytest

from earshot.events.scene_standing import SceneStanding, scene_standing
from earshot.events.taxonomy import Scene, Scenes, Taxonomy
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import BORN_NS, DEVICE, HOP, HOP_NS, SESSION, header, label

SCENES = Scenes(
    (Scene("Street", (), (), 0.3), Scene("Kitchen", (), (), 0.3)),
    window_patches=2,
    dwell_samples=3 * HOP,
)
LEADS = "{} leads for 2 s of the 3 s it takes"
STREET, KITCHEN, NEITHER = (0.75, 0.0), (0.0, 1.0), (0.0, 0.0)


def after(*patches: tuple[float, float]) -> SceneStanding:
    taxonomy = Taxonomy((label(),), SCENES)
    tracker = Tracker(taxonomy, DEVICE, SESSION)
    scenes = np.array(patches, np.float16).reshape(-1, 2)
    labels, levels = np.zeros((len(scenes), 1), np.float16), np.full(len(scenes), -30.0, np.float32)
    tracker.advance(header(0), labels, levels, (), scenes)
    return scene_standing(SCENES, tracker.to_state())


@pytest.mark.parametrize(
    ("patches", "scene", "leading", "sentence"),
    [
        ([], "", "", "heard 0 s of the 2 s it takes to tell a scene"),
        ([STREET], "", "Street", "heard 1 s of the 2 s it takes to tell a scene"),
        ([STREET] * 2, "", "Street", LEADS.format("Street")),
        ([STREET] * 3, "Street", "", "Street for 3 s"),
        ([NEITHER] * 2, "", "", "no scene is likely enough"),
        ([*[STREET] * 3, *[NEITHER] * 3], "Street", "", "unlikely for 2 s, ends after 3 s"),
        ([*[STREET] * 3, *[KITCHEN] * 2], "Street", "Kitchen", LEADS.format("Kitchen")),
        ([*[STREET] * 3, *[KITCHEN] * 3], "Kitchen", "", "Kitchen for 3 s"),
    ],
)  # fmt: skip
def test_scenes_stand(
    patches: list[tuple[float, float]], scene: str, leading: str, sentence: str
) -> None:
    found = after(*patches)
    assert (found.scene, found.leading, found.sentence) == (scene, leading, sentence)


def test_a_reign_has_its_onset() -> None:
    assert after(NEITHER, *[STREET] * 4).since_ns == BORN_NS + HOP_NS
    assert after(STREET).since_ns is None


def test_a_taxonomy_without_scenes_says_nothing() -> None:
    state = Tracker(Taxonomy((label(),)), DEVICE, SESSION).to_state()
    assert scene_standing(Scenes(), state) == SceneStanding()
    del state["scenes"]
    assert scene_standing(SCENES, state) == SceneStanding()
