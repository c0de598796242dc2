"""What the next transaction keeps of what was heard, so that it can be scored again."""

from __future__ import annotations

import numpy as np

from earshot.audio.params import PATCH_HOP_SAMPLES
from earshot.contracts.messages import Prediction
from earshot.embedding.model_card import AUDIOSET_SPACE
from earshot.events.listening import MAX_AT_NS
from earshot.store.kept_embeddings import NS_PER_SAMPLE, KeptPatches


class Keeping:
    """The patches of a batch, in the order in which they were heard.

    Args:
        is_on: Whether any are kept at all.
    """

    def __init__(self, *, is_on: bool) -> None:
        self._is_on = is_on
        self._patches: list[KeptPatches] = []

    def add(self, prediction: Prediction) -> None:
        """Takes in what a prediction says was heard; it may be nothing.

        What has no time of capture, or one beyond reason, could not be found again.
        """
        header = prediction.header
        has_a_place = 0 < header.captured_at_ns < MAX_AT_NS and header.first_sample < MAX_AT_NS
        if not (self._is_on and len(prediction.codes) and has_a_place):
            return
        samples = np.arange(len(prediction.codes), dtype=np.int64) * PATCH_HOP_SAMPLES
        patches = KeptPatches(
            device_id=header.device_id,
            session_id=header.session_id,
            model=prediction.model,
            embedder=prediction.embedder,
            embedding_space=AUDIOSET_SPACE,  # the only one that a model's card may name
            at_ns=header.captured_at_ns + samples * NS_PER_SAMPLE,
            first_samples=header.first_sample + samples,
            codes=prediction.codes,
            levels_dbfs=prediction.level_dbfs,
        )
        self._patches.append(patches)

    def patches(self) -> list[KeptPatches]:
        """Returns what the next transaction shall keep."""
        return self._patches

    def clear(self) -> None:
        """Forgets it all: it was committed, or never will be."""
        self._patches = []
