from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earshot.audio.errors import NotFinite, TooShort
from earshot.audio.framing import PatchFramer
from earshot.audio.mel import log_mel, mel_weights, patches
from earshot.audio.spectrogram import periodic_hann, spectrogram


def noise(num_samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-32_768, 32_768, num_samples, np.int16)


@pytest.mark.parametrize("num_samples", [0, 1, 399, 400, 15_360, 15_599])
def test_less_than_a_patch_is_refused(num_samples: int) -> None:
    with pytest.raises(TooShort, match=rf"^{num_samples} samples.*15600 \(0\.975 s\)$"):
        patches(np.zeros(num_samples, np.int16))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_not_finite_are_refused_with_their_patch(value: float) -> None:
    waveform = np.zeros(40_000, np.float32)
    waveform[20_000] = value
    with pytest.raises(NotFinite, match="patch 1"):
        patches(waveform)


def test_a_sample_after_the_last_whole_patch_is_not_looked_at() -> None:
    waveform = np.zeros(15_601, np.float32)
    waveform[-1] = np.nan
    assert patches(waveform).shape == (1, 96, 64)


def test_digital_silence_is_the_logarithm_of_the_offset() -> None:
    log_mel_patches = patches(np.zeros(30_960, np.int16))
    assert log_mel_patches.shape == (2, 96, 64)
    assert (log_mel_patches == np.float32(np.log(0.01))).all()


def test_everything_stays_float32() -> None:
    waveform = noise(15_600).astype(np.float32) / np.float32(32_768)
    results = [periodic_hann(), mel_weights(), spectrogram(waveform), log_mel(waveform)]
    assert [r.dtype for r in [*results, patches(waveform)]] == [np.float32] * 5


def test_int16_is_the_same_sound_as_float32_in_full_scale() -> None:
    pcm = noise(40_000)
    assert np.array_equal(patches(pcm), patches(pcm.astype(np.float32) / np.float32(32_768)))


def test_extreme_samples_give_finite_patches() -> None:
    square = np.where(np.arange(15_600) // 20 % 2, 32_767, -32_768).astype(np.int16)
    for pcm in (square, np.full(15_600, -32_768, np.int16)):
        assert np.isfinite(patches(pcm)).all()


def test_a_dc_offset_fades_out_towards_higher_bands() -> None:
    pcm = noise(15_600) // 4
    difference = np.abs(patches(pcm + np.int16(8_000)) - patches(pcm))
    assert difference[:, :, 8:].max() < 0.05
    assert difference[:, :, 32:].max() < 1e-3


@settings(max_examples=25, deadline=None)
@given(num_patches=st.integers(1, 7), k=st.integers(1, 4), seed=st.integers(0, 99))
def test_a_patch_has_the_same_bytes_alone_in_a_batch_and_in_a_stream(
    num_patches: int, k: int, seed: int
) -> None:
    pcm = noise(15_600 + (num_patches - 1) * 15_360, seed)
    whole = patches(pcm)
    alone = [patches(pcm[i * 15_360 :][:15_600].copy()) for i in range(num_patches)]
    assert np.concatenate(alone).tobytes() == whole.tobytes()
    framer = PatchFramer(k)
    streamed = [patches(s.pcm) for s in [*framer.accept(pcm), *framer.flush()]]
    assert np.concatenate(streamed).tobytes() == whole.tobytes()


def test_weights_and_window_cannot_be_changed() -> None:
    for shared in (periodic_hann(), mel_weights()):
        with pytest.raises(ValueError, match="read-only"):
            shared[0] = 1
