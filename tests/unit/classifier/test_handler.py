from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from earshot.contracts.messages import Codes, Embeddings, Header
from earshot.scoring.scored import Scored
from earshot.streams.errors import BadMessage, DependencyAway
from services.classifier.handler import Classifier

W = 4


def embeddings(num_context: int, num_patches: int, first: int = 0, space: str = "s") -> Embeddings:
    """Codes whose bytes are the patch's number, so that windows can be read off."""
    numbers = np.arange(first, first + num_context + num_patches, dtype=np.uint8)
    codes = np.repeat(numbers[:, np.newaxis], 128, axis=1)
    return Embeddings(
        Header("d", "s", 0),
        codes[num_context:],
        codes[:num_context],
        np.zeros(num_patches, np.float32),
        space,
        "e@1",
    )


class Recorder:
    """A model whose score of a patch is its number / 256, and of a window the sum of them."""

    def __init__(self) -> None:
        self.num_rows: list[int] = []

    def __call__(self, codes: Codes, num_patches: NDArray[np.int32]) -> Scored:
        self.num_rows.append(len(codes))
        numbers = codes[:, :, :1].astype(np.float32) / 256
        is_real = np.arange(codes.shape[1]) < num_patches[:, np.newaxis]
        return Scored((numbers[..., 0] * is_real).sum(axis=1, keepdims=True), numbers, "m@3")


def test_predictions_hold_the_window_and_the_newest_patch() -> None:
    (prediction,) = Classifier(Recorder(), W, "s")([embeddings(1, 2)])
    assert prediction.scores.tolist() == [[1 / 256], [3 / 256]]
    assert prediction.patch_scores.tolist() == [[1 / 256], [2 / 256]]
    assert (prediction.model, prediction.embedder) == ("m@3", "e@1")
    assert np.array_equal(prediction.codes, embeddings(1, 2).codes)


def test_a_batch_is_asked_in_requests_of_at_most_max_rows() -> None:
    model = Recorder()
    batch = [embeddings(0, 5), embeddings(0, 0), embeddings(2, 4)]
    predictions = Classifier(model, W, "s", max_rows=4)(batch)
    assert model.num_rows == [4, 1, 4]
    assert [len(each.scores) for each in predictions] == [5, 0, 4]
    alone = [Classifier(Recorder(), W, "s")([each])[0] for each in batch]
    for each, expected in zip(predictions, alone, strict=True):
        assert each.scores.ravel().tolist() == expected.scores.ravel().tolist()
        assert each.patch_scores.ravel().tolist() == expected.patch_scores.ravel().tolist()


class Switching:
    """A model whose next version, with one more class, goes into service after some requests."""

    def __init__(self, *versions: int) -> None:
        self._versions = iter(versions)

    def __call__(self, codes: Codes, num_patches: NDArray[np.int32]) -> Scored:
        version = next(self._versions)
        num_rows, num_frames = codes.shape[:2]
        patch_scores = np.zeros((num_rows, num_frames, version), np.float32)
        return Scored(patch_scores[:, 0], patch_scores, f"m@{version}")


def test_each_prediction_is_of_one_version_when_the_model_changes_within_a_batch() -> None:
    batch = [embeddings(0, 3), embeddings(0, 0), embeddings(0, 2), embeddings(0, 1)]
    predictions = Classifier(Switching(1, 2), W, "s", max_rows=4)(batch)
    assert [each.model for each in predictions] == ["m@1", "m@1", "m@2", "m@2"]
    assert [each.scores.shape for each in predictions] == [(3, 1), (0, 1), (2, 2), (1, 2)]


def test_an_entry_longer_than_a_request_is_asked_again_when_the_model_changes_within_it() -> None:
    classifier = Classifier(Switching(1, 2, 2, 2), W, "s", max_rows=4)
    with pytest.raises(DependencyAway, match="m@2 came after m@1 within one message"):
        classifier([embeddings(0, 5)])
    (prediction,) = classifier([embeddings(0, 5)])
    assert (prediction.model, prediction.patch_scores.shape) == ("m@2", (5, 2))


def test_entries_without_patches_ask_nothing() -> None:
    model = Recorder()
    (prediction,) = Classifier(model, W, "s")([embeddings(0, 0)])
    assert model.num_rows == []
    assert len(prediction.scores) == 0


def test_embeddings_of_another_space_are_refused() -> None:
    with pytest.raises(BadMessage, match="space 'other'; the model takes 's'"):
        Classifier(Recorder(), W, "s")([embeddings(0, 1, space="other")])
