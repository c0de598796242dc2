"""The manifest and its recordings."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.unit.training.tiny_manifest import HEADER
from training.embedder.recordings import read_manifest, read_pcm
from training.errors import BadInput


def test_the_manifest_is_read_with_its_labels_apart(tmp_path: Path) -> None:
    row = 'a.flac,"Walk, footsteps;Door",a/b,x.wav,CC0 1.0,Ann,2.5,,,,B,note,g1\n'
    (tmp_path / "manifest.csv").write_text(HEADER + row)
    (only,) = read_manifest(tmp_path)
    assert only.labels == ("Walk, footsteps", "Door")
    assert (only.duration_s, only.tier, only.near_duplicate_group) == (2.5, "B", "g1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("", "names no recording"),
        (HEADER, "names no recording"),
        ("file,label\na.flac,Dog\n", "the column 'audioset_label' is missing"),
        (HEADER + "a.flac,Dog,a/b\n", "not a manifest of recordings (too few cells for a.flac)"),
        (HEADER + "a.flac,Dog,a/b,x,CC0,Ann,long,,,,A,,\n", "not a manifest of recordings (could"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(
    tmp_path: Path, text: str | None, reason: str
) -> None:
    if text is not None:
        (tmp_path / "manifest.csv").write_text(text)
    with pytest.raises(BadInput, match=re.escape(f"{tmp_path / 'manifest.csv'}: {reason}")):
        read_manifest(tmp_path)


def test_a_recording_is_refused_when_it_is_none_or_its_rate_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    with pytest.raises(BadInput, match=r"a\.flac: cannot be read as a recording"):
        read_pcm(path)
    soundfile.write(path, np.zeros(100, np.int16), 8_000)
    with pytest.raises(BadInput, match="8000 Hz, 1 channels; allowed is 16,000 Hz mono"):
        read_pcm(path)
