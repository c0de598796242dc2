"""The handler of the classifier service: embeddings to predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.messages import Codes, Embeddings, Prediction
from earshot.streams.errors import BadMessage, DependencyAway
from services.classifier.windows import windows_of


class Scored(NamedTuple):
    """A model's answer to N windows of up to T patches.

    Attributes:
        scores: float32 (N, C), each window as a whole.
        patch_scores: float32 (N, T, C), each patch given those up to it.
        model: name@version that answered.
    """

    scores: NDArray[np.float32]
    patch_scores: NDArray[np.float32]
    model: str


# uint8 (N, T, 128) and int32 (N,) patches in each window, to their scores.
Predict: TypeAlias = Callable[[Codes, NDArray[np.int32]], Scored]


class Classifier:
    """Scores every patch of a batch of entries, from many devices, in as few requests as it takes.

    While a new version of the model goes into service, one request may be answered by the old and
    the next by the new one, with other classes. So a request holds whole entries, and a prediction
    is of one version.

    Args:
        predict: Asks the model; may raise DependencyAway.
        window_patches: W.
        embedding_space: The space the model was trained in.
        max_rows: Windows per request at most.
    """

    def __init__(
        self, predict: Predict, window_patches: int, embedding_space: str, max_rows: int = 64
    ) -> None:
        self._predict, self._window_patches = predict, window_patches
        self._embedding_space, self._max_rows = embedding_space, max_rows

    def __call__(self, batch: Sequence[Embeddings]) -> list[Prediction]:
        """Returns the prediction of each entry, without scores for one without patches.

        Raises:
            BadMessage: Embeddings of another space.
            DependencyAway: The model cannot be asked at the moment.
        """
        for embeddings in batch:
            self._check(embeddings)
        return [
            prediction
            for entries in _groups(batch, self._max_rows)
            for prediction in self._predictions(entries)
        ]

    def _predictions(self, entries: Sequence[Embeddings]) -> list[Prediction]:
        codes, num_patches = windows_of(entries, self._window_patches)
        scored = self._score(codes, num_patches)
        ends = pairwise(accumulate((len(each.codes) for each in entries), initial=0))
        return [
            _prediction(embeddings, scored, slice(start, end))
            for embeddings, (start, end) in zip(entries, ends, strict=True)
        ]

    def _check(self, embeddings: Embeddings) -> None:
        if len(embeddings.codes) and embeddings.embedding_space != self._embedding_space:
            raise BadMessage(
                f"embeddings of the space {embeddings.embedding_space!r}; "
                f"the model takes {self._embedding_space!r}"
            )

    def _score(self, codes: Codes, num_patches: NDArray[np.int32]) -> Scored:
        """Asks in requests of at most `max_rows`; keeps only the newest patch of each window.

        More than one request is an entry that is longer than a request may be.
        """
        if not len(codes):
            nothing = np.zeros((0, 0), np.float32)
            return Scored(nothing, nothing, "")
        scores, newest, model = [], [], ""
        for start in range(0, len(codes), self._max_rows):
            rows = slice(start, start + self._max_rows)
            answer = self._predict(codes[rows], num_patches[rows])
            if model not in ("", answer.model):
                raise DependencyAway(f"{answer.model} came after {model} within one message")
            last = num_patches[rows] - 1
            scores.append(answer.scores)
            newest.append(answer.patch_scores[np.arange(len(last)), last])
            model = answer.model
        return Scored(np.concatenate(scores), np.concatenate(newest), model)


def _groups(batch: Sequence[Embeddings], max_rows: int) -> Iterator[Sequence[Embeddings]]:
    """Cuts a batch into entries of at most `max_rows` patches together, one entry at least."""
    start = num_rows = 0
    for index, embeddings in enumerate(batch):
        if index > start and num_rows + len(embeddings.codes) > max_rows:
            yield batch[start:index]
            start, num_rows = index, 0
        num_rows += len(embeddings.codes)
    yield batch[start:]


def _prediction(embeddings: Embeddings, scored: Scored, rows: slice) -> Prediction:
    return Prediction(
        embeddings.header,
        scored.model,
        scored.scores[rows].astype(np.float16),
        scored.patch_scores[rows].astype(np.float16),
        embeddings.codes,
        embeddings.level_dbfs,
        embeddings.embedder,
    )
