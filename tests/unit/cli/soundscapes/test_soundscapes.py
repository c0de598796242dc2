from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from earshot.cli.soundscapes.collection import soundscapes
from earshot.cli.soundscapes.soundscape import SAMPLE_RATE_HZ, Soundscape
from earshot.events.taxonomy_file import load_taxonomy
from services.notifier.settings import NotifierSettings

SCAPES = soundscapes()


def test_they_are_the_same_at_each_call() -> None:
    for one, two in zip(SCAPES, soundscapes(), strict=True):
        np.testing.assert_array_equal(one.waveform, two.waveform)


@pytest.mark.parametrize("scape", SCAPES, ids=lambda scape: scape.device_id)
def test_the_sound_is_neither_clipped_nor_broken(scape: Soundscape) -> None:
    assert 20 <= scape.duration_s <= 30
    assert np.isfinite(scape.waveform).all()
    assert 0.05 < np.abs(scape.waveform).max() < 1


@pytest.mark.parametrize("scape", SCAPES, ids=lambda scape: scape.device_id)
def test_the_truth_lies_within_the_sound_and_uses_the_taxonomys_words(scape: Soundscape) -> None:
    taxonomy = load_taxonomy(NotifierSettings.model_fields["taxonomy_file"].default)
    names = {label.name for label in taxonomy.labels}
    assert scape.truth
    for occurrence in scape.truth:
        assert 0 < occurrence.onset_s < occurrence.offset_s < scape.duration_s
        assert occurrence.label in names


@pytest.mark.parametrize("scape", SCAPES, ids=lambda scape: scape.device_id)
def test_what_is_in_the_truth_is_louder_than_the_bed(scape: Soundscape) -> None:
    for occurrence in scape.truth:
        start, end = (
            round(at * SAMPLE_RATE_HZ) for at in (occurrence.onset_s, occurrence.offset_s)
        )
        before = scape.waveform[start - SAMPLE_RATE_HZ // 2 : start - 1]
        within, after = scape.waveform[start:end], scape.waveform[end + SAMPLE_RATE_HZ // 2 :]
        assert _rms(within) > 5 * _rms(before)
        assert _rms(within) > 3 * _rms(after)


def test_a_written_file_holds_the_sound(tmp_path: Path) -> None:
    scape = SCAPES[0]
    path = scape.write(tmp_path)
    samples, rate_hz = soundfile.read(path)
    assert path.name == f"{scape.device_id}.wav"
    assert rate_hz == SAMPLE_RATE_HZ
    np.testing.assert_allclose(samples, scape.waveform, atol=1 / 32_768)


def _rms(waveform: np.ndarray) -> float:
    return float(np.sqrt(np.mean(waveform**2)))
