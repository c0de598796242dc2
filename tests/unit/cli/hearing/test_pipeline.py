from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from earshot.audio.framing import chunk_samples, num_patches
from earshot.cli.errors import PipelineFailed
from earshot.cli.hearing.pipeline import Pipeline
from earshot.cli.quiet_logs import quiet_logs
from earshot.contracts.messages import AudioChunk, Embeddings, Flags, Prediction
from earshot.settings import StreamSettings
from earshot.streams.errors import BadMessage
from services.capture.session import Session

SESSION = Session("kitchen", "0" * 26, 0)
SETTINGS = StreamSettings(window_patches=4, stream_budget_mb=1)


def embed(chunks: Sequence[AudioChunk]) -> list[Embeddings]:
    """A code that says which sample its patch begins with."""
    embedded = []
    for chunk in chunks:
        count = num_patches(chunk.pcm.size)
        firsts = chunk.header.first_sample // 15_360 + np.arange(count)
        codes = np.repeat(firsts.astype(np.uint8)[:, np.newaxis], 128, axis=1)
        embedded.append(Embeddings(chunk.header, codes, level_dbfs=np.zeros(count, np.float32)))
    return embedded


def predict(batch: Sequence[Embeddings]) -> list[Prediction]:
    """A score that says how many patches came before, as far as is known."""
    predicted = []
    for each in batch:
        count = len(each.codes)
        scores = np.full((count, 1), len(each.context) / 256, np.float16)
        levels = np.zeros(count, np.float32)
        predicted.append(Prediction(each.header, "m@1", scores, scores, each.codes, levels))
    return predicted


def sound(patches: int) -> Iterator[NDArray[np.int16]]:
    yield np.zeros(chunk_samples(patches), np.int16)


@pytest.mark.parametrize("patches_per_chunk", [1, 3, 32])
def test_every_patch_comes_out_once_and_in_order(patches_per_chunk: int) -> None:
    pipeline = Pipeline(embed, predict, SETTINGS, patches_per_chunk)
    *sounding, end = pipeline.predictions(sound(100), SESSION)
    codes = np.concatenate([prediction.codes[:, 0] for prediction in sounding])
    assert codes.tolist() == list(range(100))
    assert end.header.flags == Flags.END_OF_SESSION


def test_the_hand_off_adds_the_context() -> None:
    pipeline = Pipeline(embed, predict, SETTINGS, 1)
    *sounding, _ = pipeline.predictions(sound(6), SESSION)
    contexts = [float(prediction.scores[0, 0]) * 256 for prediction in sounding]
    assert contexts == [0, 1, 2, 3, 3, 3]


def test_no_more_than_one_chunk_is_taken_ahead() -> None:
    num_taken = 0

    def endless() -> Iterator[NDArray[np.int16]]:
        nonlocal num_taken
        while True:
            num_taken += 1
            yield np.zeros(15_360, np.int16)

    predictions = Pipeline(embed, predict, SETTINGS, 1).predictions(endless(), SESSION)
    for _ in range(50):
        next(predictions)
    assert num_taken == 51  # the first patch needs 240 samples of the second block


def test_a_session_can_be_heard_after_another() -> None:
    pipeline = Pipeline(embed, predict, SETTINGS)
    first = list(pipeline.predictions(sound(3), SESSION))
    second = list(pipeline.predictions(sound(3), SESSION))
    assert [len(each.codes) for each in first] == [len(each.codes) for each in second] == [3, 0]


@pytest.mark.parametrize("error", [BadMessage("no good"), ValueError("no good")])
def test_a_stage_that_fails_ends_it_with_the_reason(error: Exception) -> None:
    def refuse(_: Sequence[Embeddings]) -> list[Prediction]:
        raise error

    with quiet_logs(), pytest.raises(PipelineFailed, match="no good"):
        list(Pipeline(embed, refuse, SETTINGS).predictions(sound(2), SESSION))
