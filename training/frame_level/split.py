"""Which segments a training learns from and which it is judged by, and what suits so many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.errors import BadInput
from training.frame_level.settings import FitSettings
from training.readers import Segments, holdout_rows

# Fewer steps an epoch leave the running average of the weights far behind them.
STEPS_PER_EPOCH = 10
# Of fewer segments a tenth says little about which epoch is best.
SEGMENTS_WORTH_VALIDATION = 200


def split_segments(segments: Segments, settings: FitSettings) -> tuple[Segments, Segments]:
    """Returns the segments for training and those for validation.

    Raises:
        BadInput: Too few for a batch, or for the validation that is wanted.
    """
    is_held_out = holdout_rows(segments.ids, settings.validation_share, settings.seed)
    training = segments.take(np.flatnonzero(~is_held_out))
    if len(training) < settings.batch_size:
        raise BadInput(
            f"{len(training)} segments to train on do not fill a batch of {settings.batch_size}; "
            "give more data or a smaller --batch-size"
        )
    if settings.validation_share > 0 and not segments.labels[is_held_out].any():
        raise BadInput(
            f"no label among the {is_held_out.sum()} segments of the validation; "
            "give more data, or --validation-share 0 for none"
        )
    return training, segments.take(np.flatnonzero(is_held_out))


def suit_validation(settings: FitSettings, segments: Segments) -> FitSettings:
    """Returns the settings without validation when the segments are too few for it."""
    is_held_out = holdout_rows(segments.ids, settings.validation_share, settings.seed)
    if len(segments) >= SEGMENTS_WORTH_VALIDATION and segments.labels[is_held_out].any():
        return settings
    return replace(settings, validation_share=0.0)


def suit_batch(settings: FitSettings, segments: Segments) -> FitSettings:
    """Returns the settings with a batch that gives `STEPS_PER_EPOCH` steps, if theirs does not.

    It is at least 1.
    """
    is_held_out = holdout_rows(segments.ids, settings.validation_share, settings.seed)
    num_training = len(segments) - int(is_held_out.sum())
    largest = max(1, num_training // STEPS_PER_EPOCH)
    return replace(settings, batch_size=min(settings.batch_size, largest))
