from __future__ import annotations

import numpy as np
import pytest

from earshot.audio.level import level_dbfs, peak_dbfs
from earshot.contracts.messages import AudioChunk, Flags, SourceState
from services.capture.chunker import chunks, end_after
from services.capture.session import Session

SESSION = Session("kitchen", "01ARZ3NDEKTSV4RRFFQ69G5FAV", 1_000, source_rate_hz=44_100)


def noise(num_samples: int) -> np.ndarray:
    return np.random.default_rng(0).integers(-10_000, 10_000, num_samples, np.int16)


def cut(pcm: np.ndarray, **options: float) -> list[AudioChunk]:
    blocks = np.split(pcm, range(0, pcm.size, 3_000))
    return list(chunks(blocks, SESSION, **options))  # type: ignore[arg-type]


def test_chunks_are_contiguous_and_overlap_by_240_samples() -> None:
    pcm = noise(80_000)
    *sounding, end = cut(pcm)
    assert [c.header.sequence for c in [*sounding, end]] == [0, 1, 2, 3, 4, 5]
    assert [c.header.first_sample for c in sounding] == [i * 15_360 for i in range(5)]
    for chunk in sounding:
        assert np.array_equal(chunk.pcm, pcm[chunk.header.first_sample :][:15_600])
        assert chunk.header.captured_at_ns == 1_000 + chunk.header.first_sample * 62_500


def test_each_chunk_says_whose_it_is_and_how_loud() -> None:
    chunk = cut(noise(20_000))[0]
    header = chunk.header
    assert (header.device_id, header.session_id) == (SESSION.device_id, SESSION.session_id)
    assert header.source_state is SourceState.LISTENING
    assert header.flags is Flags.NONE
    assert chunk.source_rate_hz == 44_100
    assert (chunk.level_dbfs, chunk.peak_dbfs) == (level_dbfs(chunk.pcm), peak_dbfs(chunk.pcm))


def test_the_last_message_ends_the_session_and_counts_every_sample() -> None:
    end = cut(noise(80_001))[-1]
    assert end.pcm.size == 0
    assert end.header.flags is Flags.END_OF_SESSION
    assert end.header.source_state is SourceState.STOPPED
    assert end.header.first_sample == 80_001
    assert end.header.captured_at_ns == 1_000 + 80_001 * 62_500


@pytest.mark.parametrize(("k", "sizes"), [(2, [30_960, 30_960, 15_600]), (8, [77_040])])
def test_chunks_hold_as_many_patches_as_asked_and_the_last_the_rest(
    k: int, sizes: list[int]
) -> None:
    sounding = cut(noise(80_000), patches_per_chunk=k)[:-1]
    assert [chunk.pcm.size for chunk in sounding] == sizes
    assert [chunk.header.first_sample for chunk in sounding] == [
        i * k * 15_360 for i in range(len(sizes))
    ]


@pytest.mark.parametrize("num_samples", [0, 15_599])
def test_less_than_a_patch_gives_only_the_end(num_samples: int) -> None:
    (end,) = cut(noise(num_samples))
    assert (end.header.sequence, end.header.first_sample) == (0, num_samples)


def test_silence_and_clipping_are_flagged() -> None:
    pcm = np.zeros(15_600 + 3 * 15_360, np.int16)
    pcm[20_000:30_000] = 100
    pcm[40_000] = -32_768
    pcm[60_000] = 1  # rounding noise is silence, too
    flags = [chunk.header.flags for chunk in cut(pcm)[:-1]]
    assert flags == [Flags.SILENT, Flags.NONE, Flags.CLIPPED, Flags.SILENT]


def test_the_silence_level_can_be_chosen() -> None:
    assert cut(noise(16_000), silent_dbfs=-3.0)[0].header.flags is Flags.SILENT


def test_an_early_end_follows_the_chunk_it_is_given() -> None:
    chunk = cut(noise(80_000))[1]
    end = end_after(chunk)
    assert end.pcm.size == 0
    assert end.header.flags is Flags.END_OF_SESSION
    assert end.header.sequence == 2
    assert end.header.first_sample == 15_360 + 15_600
    assert end.header.captured_at_ns == 1_000 + (15_360 + 15_600) * 62_500
    assert end.header.session_id == chunk.header.session_id
