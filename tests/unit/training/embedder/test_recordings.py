"""The manifest and its recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from training.embedder.recordings import read_manifest, read_pcm

HEADER = (
    "file,audioset_label,source_repo,source_path,licence,attribution,duration_s,fold,class,split,"
    "tier,licence_note,near_duplicate_group\n"
)


def test_the_manifest_is_read_with_its_labels_apart(tmp_path: Path) -> None:
    row = 'a.flac,"Walk, footsteps;Door",a/b,x.wav,CC0 1.0,Ann,2.5,,,,B,note,g1\n'
    (tmp_path / "manifest.csv").write_text(HEADER + row)
    (only,) = read_manifest(tmp_path)
    assert only.labels == ("Walk, footsteps", "Door")
    assert (only.duration_s, only.tier, only.near_duplicate_group) == (2.5, "B", "g1")


def test_a_recording_is_refused_when_its_rate_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, np.zeros(100, np.int16), 8_000)
    with pytest.raises(ValueError, match="8000 Hz, 1 channels; allowed is 16,000 Hz mono"):
        read_pcm(path)
