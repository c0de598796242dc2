"""The handler of the features service: chunks of sound to embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from earshot.audio.framing import chunk_samples, num_patches
from earshot.audio.level import patch_levels_dbfs
from earshot.audio.mel import patches
from earshot.contracts.messages import AudioChunk, Codes, Embeddings
from earshot.streams.errors import BadMessage


class Embedder(Protocol):
    """What the handler needs of the network; `earshot.embedding.embedder` has the real one."""

    @property
    def name_version(self) -> str:
        """What messages carry, name@version."""

    @property
    def embedding_space(self) -> str:
        """The space of its codes."""

    def embed(self, patches: NDArray[np.float32]) -> Codes:
        """Returns uint8 (n, 128) for float32 (n, 96, 64)."""


class Features:
    """Embeds all patches of a batch of chunks in one go.

    Safe to call from the reader of each partition: the network takes one batch at a time, since
    it runs on one thread and a process is scaled by starting another.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = Lock()

    def __call__(self, chunks: Sequence[AudioChunk]) -> list[Embeddings]:
        """Returns the embeddings of each chunk, none for a chunk without samples.

        Raises:
            BadMessage: A chunk's samples make no whole number of patches.
        """
        for chunk in chunks:
            _check(chunk)
        counts = [num_patches(chunk.pcm.size) for chunk in chunks]
        heard = [patches(chunk.pcm) for chunk in chunks if chunk.pcm.size]
        codes = np.zeros((0, 128), np.uint8)
        if heard:
            with self._lock:
                codes = self._embedder.embed(np.concatenate(heard))
        ends = pairwise(accumulate(counts, initial=0))
        return [
            self._embeddings(chunk, codes[start:end])
            for chunk, (start, end) in zip(chunks, ends, strict=True)
        ]

    def _embeddings(self, chunk: AudioChunk, codes: Codes) -> Embeddings:
        return Embeddings(
            chunk.header,
            codes,
            level_dbfs=patch_levels_dbfs(chunk.pcm),
            embedding_space=self._embedder.embedding_space,
            embedder=self._embedder.name_version,
        )


def _check(chunk: AudioChunk) -> None:
    """A chunk of k patches has 15,600 + (k - 1) * 15,360 samples, or none."""
    num_samples = chunk.pcm.size
    if num_samples and num_samples != chunk_samples(max(num_patches(num_samples), 1)):
        raise BadMessage(
            f"{num_samples} samples make no whole number of patches: 15600, 30960, … are allowed"
        )
