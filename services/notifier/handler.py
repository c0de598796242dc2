"""From predictions to the content of the next transaction: no broker and no database in here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from earshot.contracts.messages import Prediction
from earshot.events.errors import BadScores
from earshot.events.event import SoundEvent
from earshot.events.scores import Gathering, label_scores
from earshot.events.tracker import Tracker
from earshot.streams.errors import BadMessage

GatheringOf: TypeAlias = Callable[[str], Gathering]
"""What the tracker's taxonomy gathers from a model, by its name@version."""


def follow(tracker: Tracker, prediction: Prediction, gathering_of: GatheringOf) -> list[SoundEvent]:
    """Moves a session's tracker on by one prediction; returns the revisions this makes.

    Labels go by the scores of patches, so that a bang is not averaged away; scenes by those of
    windows.

    Args:
        tracker: As after the entry before.
        prediction: The next one of the session; it may hold no patches.
        gathering_of: Where to look up which classes belong to each label and scene.

    Raises:
        BadMessage: Scores, levels or samples that no classifier gives. The tracker is unchanged.
        DependencyAway: The labels of the prediction's model are not to be had now.
    """
    models = (prediction.embedder, prediction.model)
    try:
        if len(prediction.patch_scores) == 0:
            of_labels = np.zeros((0, tracker.num_labels), np.float16)
            of_scenes = np.zeros((0, tracker.num_scenes), np.float16)
        else:
            gathering = gathering_of(prediction.model)
            of_labels = label_scores(prediction.patch_scores, gathering.labels)
            of_scenes = label_scores(prediction.scores, gathering.scenes)
        return tracker.advance(
            prediction.header, of_labels, prediction.level_dbfs, models, of_scenes
        )
    except BadScores as error:
        raise BadMessage(str(error)) from error
