"""Settings for few segments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.frame_level.settings import FitSettings
from training.frame_level.split import split_segments, suit_batch, suit_validation
from training.readers import Segments

SETTINGS = FitSettings(batch_size=512, validation_share=0.1)


def segments_of(num_segments: int, is_labelled: bool = True) -> Segments:
    codes = np.zeros((num_segments, 1, 128), np.uint8)
    labels = np.full((num_segments, 2), is_labelled)
    ids = [str(row) for row in range(num_segments)]
    return Segments(ids, codes, np.ones(num_segments, np.int32), labels, [])


@pytest.mark.parametrize(
    ("num_segments", "batch_size"), [(1, 1), (9, 1), (10, 1), (400, 40), (5119, 511), (5120, 512)]
)
def test_a_batch_leaves_ten_steps_an_epoch(num_segments: int, batch_size: int) -> None:
    settings = replace(SETTINGS, validation_share=0.0)
    assert suit_batch(settings, segments_of(num_segments)).batch_size == batch_size


def test_a_batch_is_of_the_segments_that_are_not_held_out() -> None:
    segments = segments_of(1000)
    settings = suit_batch(SETTINGS, segments)
    training, validation = split_segments(segments, settings)
    assert len(training) + len(validation) == 1000
    assert settings.batch_size == len(training) // 10


def test_a_small_batch_stays() -> None:
    settings = replace(SETTINGS, batch_size=3)
    assert suit_batch(settings, segments_of(1000)) == settings


@pytest.mark.parametrize(
    ("num_segments", "is_labelled", "share"),
    [(199, True, 0.0), (200, True, 0.1), (500, False, 0.0)],
)
def test_some_are_held_out_when_that_tells_something(
    num_segments: int, is_labelled: bool, share: float
) -> None:
    segments = segments_of(num_segments, is_labelled)
    assert suit_validation(SETTINGS, segments).validation_share == share
