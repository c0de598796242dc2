"""From predictions to the content of the next transaction: no broker and no database in here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from earshot.contracts.messages import Prediction
from earshot.events.errors import BadScores
from earshot.events.event import SoundEvent
from earshot.events.scores import Members, label_scores
from earshot.events.tracker import Tracker
from earshot.streams.errors import BadMessage

MembersOf: TypeAlias = Callable[[str], Members]
"""Label members of a model, by its name@version."""


def follow(tracker: Tracker, prediction: Prediction, members_of: MembersOf) -> list[SoundEvent]:
    """Moves a session's tracker on by one prediction; returns the revisions this makes.

    Args:
        tracker: As after the entry before.
        prediction: The next one of the session; it may hold no patches.
        members_of: Where to look up which classes belong to each label.

    Raises:
        BadMessage: Scores, levels or samples that no classifier gives. The tracker is unchanged.
        DependencyAway: The labels of the prediction's model are not to be had now.
    """
    models = (prediction.embedder, prediction.model)
    try:
        if len(prediction.patch_scores) == 0:
            scores = np.zeros((0, tracker.num_labels), np.float16)
        else:
            scores = label_scores(prediction.patch_scores, members_of(prediction.model))
        return tracker.advance(prediction.header, scores, prediction.level_dbfs, models)
    except BadScores as error:
        raise BadMessage(str(error)) from error
