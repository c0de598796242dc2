"""The manifest: what may train never shares an origin with the held-out fold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from training.embedder.recordings import Recording, read_manifest, read_pcm, split

HEADER = (
    "file,audioset_label,source_repo,source_path,licence,attribution,duration_s,fold,class,split,"
    "tier,licence_note,near_duplicate_group\n"
)


def recording(file: str, attribution: str = "", fold: str = "", group: str = "") -> Recording:
    return Recording(
        file=file,
        labels=("Dog",),
        licence="CC0 1.0",
        attribution=attribution or file,
        source_repo="a/b",
        tier="A",
        duration_s=5.0,
        fold=fold,
        label_of_set="Dog bark",
        near_duplicate_group=group,
    )


def test_the_manifest_is_read_with_its_labels_apart(tmp_path: Path) -> None:
    row = 'a.flac,"Walk, footsteps;Door",a/b,x.wav,CC0 1.0,Ann,2.5,,,,B,note,g1\n'
    (tmp_path / "manifest.csv").write_text(HEADER + row)
    (only,) = read_manifest(tmp_path)
    assert only.labels == ("Walk, footsteps", "Door")
    assert (only.duration_s, only.tier, only.near_duplicate_group) == (2.5, "B", "g1")


@pytest.mark.parametrize(
    "relative",
    [
        recording("b", attribution="Ann"),
        recording("b", group="g1"),
        recording("b", attribution="Bob7 (https://freesound.org/s/123/)"),
        recording("b", attribution="Bob7 (http://www.freesound.org/people/Bob7/sounds/123/)"),
        recording("b", attribution="Bob7 (freesound 123)"),
    ],
)
def test_whatever_shares_an_origin_with_the_held_out_fold_is_in_neither_part(
    relative: Recording,
) -> None:
    held = [
        recording("h1", attribution="Ann", fold="4"),
        recording("h2", fold="4", group="g1"),
        recording("h3", attribution="B. (http://freesound.org/people/B1/sounds/123/)", fold="4"),
    ]
    other = recording("o", attribution="Eve (https://freesound.org/s/124/)", fold="3")
    training, held_out = split([*held, relative, other])
    assert training == [other]
    assert held_out == held


def test_a_recording_is_refused_when_its_rate_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, np.zeros(100, np.int16), 8_000)
    with pytest.raises(ValueError, match="8000 Hz, 1 channels; allowed is 16,000 Hz mono"):
        read_pcm(path)
