from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from earshot.audio.mel import patches
from earshot.contracts.messages import AudioChunk, Codes, Flags, Header
from earshot.streams.errors import BadMessage
from services.features.handler import Features

RNG = np.random.default_rng(5)


class MeanEmbedder:
    """A network small enough to check by hand: each code byte is a patch's mean, shifted."""

    name_version = "mean@1"
    embedding_space = "test"

    def embed(self, patches: NDArray[np.float32]) -> Codes:
        means = patches.mean(axis=(1, 2), keepdims=False) * 20 + 128
        return np.repeat(means.astype(np.uint8)[:, np.newaxis], 128, axis=1)


def chunk(num_samples: int, sequence: int = 0, flags: Flags = Flags.NONE) -> AudioChunk:
    pcm = RNG.integers(-8_000, 8_000, num_samples).astype(np.int16)
    return AudioChunk(Header("d", "s", sequence, flags=flags), pcm)


def test_each_chunk_gets_the_codes_of_its_own_patches() -> None:
    chunks = [chunk(15_600), chunk(0, 1), chunk(46_320, 2)]
    embeddings = Features(MeanEmbedder())(chunks)
    assert [len(each.codes) for each in embeddings] == [1, 0, 3]
    for each, heard in zip(embeddings, chunks, strict=True):
        expected = MeanEmbedder().embed(patches(heard.pcm)) if heard.pcm.size else each.codes
        assert np.array_equal(each.codes, expected)
        assert len(each.level_dbfs) == len(each.codes)


def test_headers_pass_on_as_they_are() -> None:
    flags = Flags.END_OF_SESSION | Flags.GAP
    (embeddings,) = Features(MeanEmbedder())([chunk(0, 7, flags)])
    assert embeddings.header == Header("d", "s", 7, flags=flags)
    assert (embeddings.embedder, embeddings.embedding_space) == ("mean@1", "test")


@pytest.mark.parametrize("num_samples", [1, 15_599, 15_601, 30_959, 40_000])
def test_samples_that_make_no_whole_patches_are_a_bad_message(num_samples: int) -> None:
    with pytest.raises(BadMessage, match=f"{num_samples} samples make no whole number of patches"):
        Features(MeanEmbedder())([chunk(num_samples)])
