"""Gathers what is heard while a recording goes by."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.cli.hearing.heard import Heard
from earshot.cli.hearing.level import LevelMeter
from earshot.contracts.messages import Prediction
from earshot.events.event import SCENE_CATEGORY, EventState, SoundEvent
from earshot.events.taxonomy import Taxonomy
from services.capture.sources.recording import Recording


class Notes:
    """Takes prediction after prediction of one recording.

    Args:
        num_classes: Of the model.
        is_keeping_scores: Whether to keep the patch scores, 4 MB for an hour.

    Attributes:
        heard_s: How far it got.
    """

    def __init__(self, num_classes: int, is_keeping_scores: bool) -> None:
        self.heard_s = 0.0
        self._is_keeping_scores = is_keeping_scores
        self._events: list[SoundEvent] = []
        self._highest = np.zeros(num_classes, np.float16)
        self._patch_scores = [np.zeros((0, num_classes), np.float16)]
        self._level_dbfs = [np.zeros(0, np.float32)]

    def take(self, prediction: Prediction, revisions: Iterable[SoundEvent]) -> None:
        """Takes the next prediction and what the tracker made of it.

        Scenes are left out: a recording's report tells what sounds in it, not what kind of place
        it sounds like.
        """
        self._events += [
            event
            for event in revisions
            if event.state is EventState.ENDED and event.category != SCENE_CATEGORY
        ]
        num_patches = len(prediction.level_dbfs)
        self.heard_s = (
            prediction.header.first_sample + num_patches * PATCH_HOP_SAMPLES
        ) / SAMPLE_RATE_HZ
        if not num_patches:
            return
        self._highest = np.maximum(self._highest, prediction.patch_scores.max(axis=0))
        self._level_dbfs.append(prediction.level_dbfs)
        if self._is_keeping_scores:
            self._patch_scores.append(prediction.patch_scores)

    def heard(self, recording: Recording, taxonomy: Taxonomy, meter: LevelMeter) -> Heard:
        """Returns it all, once the recording has ended."""
        places = {label.name: place for place, label in enumerate(taxonomy.labels)}
        self._events.sort(key=lambda event: (event.onset_sample, places[event.label]))
        return Heard(
            recording,
            tuple(self._events),
            self._highest,
            np.concatenate(self._patch_scores),
            np.concatenate(self._level_dbfs),
            meter.rms_dbfs,
            meter.peak_dbfs,
        )
