"""The handler of the classifier service: embeddings to predictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

import numpy as np

from earshot.contracts.messages import Embeddings, Prediction
from earshot.scoring.errors import VersionChanged
from earshot.scoring.scored import Predict, Scored, score_newest
from earshot.scoring.windows import windows_of
from earshot.streams.errors import BadMessage, DependencyAway


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
        try:
            # More than one request is an entry that is longer than a request may be.
            scored = score_newest(self._predict, codes, num_patches, self._max_rows)
        except VersionChanged as error:
            raise DependencyAway(f"{error} within one message") from error
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
