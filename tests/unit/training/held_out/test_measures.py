"""Measures on recordings whose scores were made up: each counts what its name says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from earshot.events.labels import read_class_index
from earshot.events.scores import members_of
from earshot.events.taxonomy_file import load_taxonomy
from training.embedder.recordings import Recording
from training.held_out import agreement, esc10, false_alarms, naming, presence, sesa
from training.held_out.heard import Heard

ROOT = Path(__file__).parents[4]
CLASSES = read_class_index(ROOT / "models" / "earshot-default" / "1" / "assets" / "labels.csv")
NAMES = CLASSES.display_names


def heard(
    scores: Sequence[dict[str, float]],
    labels: tuple[str, ...] = ("Music",),
    label_of_set: str = "",
    tier: str = "A",
    file: str = "a.flac",
) -> Heard:
    """One recording; each patch has the given scores, and 0.01 elsewhere."""
    recording = Recording(file, labels, "CC0", file, "x/y", tier, 1.0, "", label_of_set, "")
    patch_scores = np.full((len(scores), len(NAMES)), 0.01, np.float32)
    for patch, given in zip(patch_scores, scores, strict=True):
        for name, score in given.items():
            patch[NAMES.index(name)] = score
    pcm = np.zeros(240 + 15_360 * len(scores), np.int16)
    return Heard(recording, pcm, np.zeros((len(scores), 128), np.uint8), patch_scores)


def test_esc10_takes_the_best_patch_and_any_class_of_the_group() -> None:
    right = heard([{"Rain": 0.1}, {"Yip": 0.9}], label_of_set="Dog bark")
    third = heard(
        [{"Music": 0.9, "Speech": 0.8, "Fire": 0.7, "Rain": 0.75}], label_of_set="Fire crackling"
    )
    measured = esc10.measure([right, third], NAMES)
    assert measured["num_clips"] == 2
    assert measured["top_1_of_10"] == 0.5  # rain beats fire among the ten
    assert measured["top_5_of_527"] == 1.0
    assert measured["top_5_by_class"] == {"Dog bark": 1.0, "Fire crackling": 1.0}


def test_sesa_calls_casual_what_stays_below_the_best_threshold_of_the_other_clips() -> None:
    clips = [
        heard([{"Fire alarm": 0.62, "Explosion": 0.4}], label_of_set="siren", file="a"),
        heard([{"Fire alarm": 0.72}], label_of_set="siren", file="b"),
        heard([{"Explosion": 0.42, "Music": 0.9}], label_of_set="casual", file="c"),
        heard([{"Explosion": 0.52, "Music": 0.9}], label_of_set="casual", file="d"),
        heard([{"Gunshot, gunfire": 0.8, "Boom": 0.5}], label_of_set="explosion", file="e"),
    ]
    measured = sesa.measure(clips, NAMES)
    assert measured["num_clips"] == 5
    assert measured["best_threshold"] == 0.6
    assert measured["accuracy_by_threshold"]["0.6"] == 0.8
    assert measured["accuracy_by_threshold"]["0.5"] == 0.6
    # By the other clips alone 0.65 is best for a, and 0.55 for d, which is found all the same.
    assert measured["recall_by_class"] == {"siren": 0.5, "explosion": 0.0, "casual": 1.0}
    assert measured["accuracy"] == pytest.approx(3 / 5)


def test_sesa_lets_no_clip_decide_about_a_near_duplicate() -> None:
    clips = [heard([{"Explosion": 0.9}], label_of_set="casual", file=file) for file in "ab"]
    alike = [
        replace(clip, recording=replace(clip.recording, near_duplicate_group="7")) for clip in clips
    ]
    measured = sesa.measure([*alike, heard([{"Siren": 0.3}], label_of_set="siren")], NAMES)
    assert measured["recall_by_class"] == {"siren": 0.0, "casual": 0.0}


def test_labels_are_looked_for_by_tier_and_vague_ones_are_not() -> None:
    clips = [
        heard([{"Dog": 0.5}], labels=("Dog", "Bark")),
        heard([{"Dog": 0.5}], labels=("Zither",), tier="B"),
        heard([{"Dog": 0.5}], labels=("Noise", "Sound effect")),
    ]
    measured = naming.measure(clips, NAMES)
    assert measured["all"] == {"num_recordings": 2, "top_5_of_527": 0.5}
    assert measured["tier_a"]["top_5_of_527"] == 1.0
    assert measured["tier_b"]["top_5_of_527"] == 0.0


def test_naming_says_none_of_a_tier_without_recordings() -> None:
    measured = naming.measure([heard([{}], labels=("Dog",))], NAMES)
    assert measured["tier_b"] == {"num_recordings": 0, "top_5_of_527": None}


def test_presence_ranks_recordings_by_their_best_patch() -> None:
    clips = [
        heard([{"Speech": 0.1}, {"Speech": 0.9}], labels=("Speech",)),
        heard([{"Speech": 0.3, "Music": 0.6}], labels=("Music",)),
        heard([{"Speech": 0.2}], labels=("Speech",)),
    ]
    measured = presence.measure(clips, NAMES)
    assert measured["speech"]["num_recordings"] == 2
    assert measured["speech"]["average_precision"] == pytest.approx((1 + 2 / 3) / 2, abs=1e-4)
    assert measured["speech"]["recall"] == 0.5
    assert measured["music"]["average_precision"] == 1.0


def test_presence_of_what_no_recording_holds_is_none() -> None:
    measured = presence.measure([heard([{"Speech": 0.9}], labels=("Speech",))], NAMES)
    assert measured["speech"] == {"num_recordings": 1, "average_precision": 1.0, "recall": 1.0}
    assert measured["music"] == {"num_recordings": 0, "average_precision": None, "recall": None}


def test_agreement_compares_patch_by_patch_what_the_teacher_knows() -> None:
    class Taught:
        is_known = np.array([name != "Male singing" for name in NAMES])

        def score(self, waveform: np.ndarray) -> np.ndarray:
            assert waveform.shape == (15_600,)
            return np.eye(len(NAMES), dtype=np.float32)[NAMES.index("Dog")]

    clips = [heard([{"Dog": 0.9, "Male singing": 1.0}, {"Rain": 0.9, "Dog": 0.5}])]
    measured = agreement.measure(clips, Taught())
    assert measured["num_patches"] == 2
    assert measured["same_best_class"] == 0.5
    assert measured["best_in_top_5"] == 1.0


def test_false_alarms_are_events_per_hour_of_harmless_sound() -> None:
    taxonomy = load_taxonomy(ROOT / "config" / "taxonomy.yaml")
    members = members_of(taxonomy, CLASSES)

    class Deaf:
        """Hears nothing in any mix."""

        def hear(self, recording: Recording, pcm: np.ndarray) -> Heard:
            num_patches = (len(pcm) - 240) // 15_360
            return heard([{}] * num_patches)

    silent = [{}] * 100
    clips = [
        heard([*[{"Siren": 0.9}] * 3, *silent]),
        heard(silent),
        heard([{"Siren": 0.9}], labels=("Siren",)),  # no false alarm: it may hold one
    ]
    measured = false_alarms.measure(clips, Deaf(), taxonomy, members)
    assert measured["hours"] == pytest.approx(1.0, abs=0.03)
    assert measured["events_per_hour"]["Siren"] == pytest.approx(1.0, abs=0.1)
    assert measured["events_per_hour"]["Smoke alarm"] == 0.0
