from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earshot.audio.framing import PatchFramer, Stretch, chunk_samples, frame, num_patches

# VGGish's own counts of STFT frames and examples at 16 kHz.
FRAMES_AND_PATCHES = [
    (0, 0, 0),
    (399, 0, 0),
    (400, 1, 0),
    (15_360, 94, 0),
    (15_599, 95, 0),
    (15_600, 96, 1),
    (16_000, 98, 1),
    (30_959, 191, 1),
    (30_960, 192, 2),
    (48_000, 298, 3),
    (80_000, 498, 5),
    (160_000, 998, 10),
]


@pytest.mark.parametrize(("num_samples", "frames", "patches"), FRAMES_AND_PATCHES)
def test_frames_and_patches_are_those_of_vggish(
    num_samples: int, frames: int, patches: int
) -> None:
    assert len(frame(np.zeros(num_samples, np.float32))) == frames
    assert num_patches(num_samples) == patches


@given(st.integers(1, 500))
def test_chunk_samples_is_the_fewest_that_give_the_patches(k: int) -> None:
    assert num_patches(chunk_samples(k)) == k
    assert num_patches(chunk_samples(k) - 1) == k - 1


def test_frames_start_every_hop() -> None:
    frames = frame(np.arange(1_000, dtype=np.float32))
    assert frames.shape == (4, 400)
    assert frames[:, 0].tolist() == [0, 160, 320, 480]


def stretches_of(blocks: list[np.ndarray], k: int) -> tuple[list[Stretch], PatchFramer]:
    framer = PatchFramer(k)
    stretches = [stretch for block in blocks for stretch in framer.accept(block)]
    return stretches + framer.flush(), framer


@given(
    num_samples=st.integers(0, 100_000),
    k=st.integers(1, 4),
    cuts=st.lists(st.integers(0, 100_000), max_size=8),
)
def test_stretches_are_the_same_for_any_chunking(num_samples: int, k: int, cuts: list[int]) -> None:
    pcm = np.random.default_rng(num_samples).integers(-32_768, 32_768, num_samples, np.int16)
    whole, _ = stretches_of([pcm], k)
    cut, framer = stretches_of(np.split(pcm, sorted(cuts)), k)
    assert [s.first_sample for s in cut] == [s.first_sample for s in whole]
    assert all(np.array_equal(a.pcm, b.pcm) for a, b in zip(cut, whole, strict=True))
    assert framer.num_samples == num_samples


@given(num_samples=st.integers(0, 100_000), k=st.integers(1, 4))
def test_stretches_hold_every_whole_patch_once_and_nothing_else(num_samples: int, k: int) -> None:
    pcm = np.random.default_rng(num_samples).integers(-32_768, 32_768, num_samples, np.int16)
    stretches, framer = stretches_of([pcm], k)
    patches = 0
    for stretch in stretches:
        assert stretch.first_sample == patches * 15_360
        assert np.array_equal(stretch.pcm, pcm[stretch.first_sample :][: stretch.pcm.size])
        assert stretch.pcm.size == chunk_samples(num_patches(stretch.pcm.size))
        patches += num_patches(stretch.pcm.size)
    assert patches == num_patches(num_samples)
    assert all(num_patches(stretch.pcm.size) == k for stretch in stretches[:-1])
    covered = chunk_samples(patches) if patches else 0
    assert framer.unframed_samples == num_samples - covered


def test_a_stretch_is_its_own_copy() -> None:
    framer = PatchFramer()
    (first,) = framer.accept(np.ones(15_600, np.int16))
    framer.accept(np.full(15_360, 2, np.int16))
    assert (first.pcm == 1).all()


def test_samples_of_another_type_are_refused() -> None:
    with pytest.raises(TypeError):
        PatchFramer().accept(np.ones(10, np.float32))  # type: ignore[arg-type]
