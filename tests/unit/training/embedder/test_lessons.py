"""Lessons: what a window teaches, and the same lessons whoever makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")
pytest.importorskip("ai_edge_litert", reason="needs the training extra (ai-edge-litert)")

from training.embedder.danger import DANGER
from training.embedder.lessons import SURE_SCORE, Lessons, make_lessons, target_of
from training.embedder.recordings import Recording
from training.embedder.teacher import UNKNOWN_TO_TEACHER, Teacher
from training.embedder.windows import Window
from training.errors import BadInput
from training.places import BUNDLE
from training.readers import read_class_labels

NAMES = [label.display_name for label in read_class_labels(BUNDLE / "assets" / "labels.csv")]
Make = Callable[..., Recording]


class Taught:
    """A teacher that takes whatever it hears for a siren, a little for a dog."""

    is_known = np.array([name not in UNKNOWN_TO_TEACHER for name in NAMES])

    def score(self, waveform: np.ndarray) -> np.ndarray:
        assert (waveform.dtype, waveform.max()) == (np.float32, 0.5)
        scores = np.full(len(NAMES), 0.1, np.float32)
        scores[NAMES.index("Siren")] = 0.9
        scores[NAMES.index("Dog")] = 0.3
        return scores


def window(labels: tuple[str, ...] = (), absent: frozenset[str] = frozenset()) -> Window:
    pcm = np.full(15_600, 16_384, np.int16)
    return Window(pcm, pcm, pcm, labels, absent)


def taught(each: Window) -> tuple[dict[str, float], dict[str, bool]]:
    target, weight = target_of(each, Taught(), NAMES)
    scores = dict(zip(NAMES, target.astype(np.float64).round(6).tolist(), strict=True))
    return scores, dict(zip(NAMES, weight.tolist(), strict=True))


def test_a_label_is_sure_whatever_the_teacher_says() -> None:
    scores, _ = taught(window(labels=("Dog", "Siren")))
    assert scores["Dog"] == SURE_SCORE
    assert scores["Siren"] == 0.9  # it says more
    assert scores["Cat"] == 0.1


def test_a_danger_that_the_labels_rule_out_is_absent_whatever_the_teacher_says() -> None:
    scores, weights = taught(window(labels=("Dog",), absent=DANGER))
    assert all(scores[name] == 0 and weights[name] for name in DANGER)


def test_of_what_the_teacher_does_not_know_only_labels_teach() -> None:
    _, weights = taught(window(labels=("Male singing",)))
    assert {name for name, teaches in weights.items() if not teaches} == {*UNKNOWN_TO_TEACHER} - {
        "Male singing"
    }


def test_of_a_window_without_anything_for_the_teacher_the_labels_are_all() -> None:
    scores, _ = taught(replace(window(labels=("Alarm",)), taught=None))
    assert {name: score for name, score in scores.items() if score} == {"Alarm": SURE_SCORE}


@pytest.fixture
def data(tmp_path: Path, recording: Make, shared_data: Path) -> tuple[Path, list[Recording]]:
    """A data folder with two recordings, and the real teacher."""
    rng = np.random.default_rng(0)
    (tmp_path / "sounds").mkdir()
    for folder in ("teacher", "audioset"):
        (tmp_path / folder).symlink_to(shared_data / folder)
    made = []
    for name, num_samples in (("Dog", 40_000), ("Rain", 20_000)):
        pcm = (rng.standard_normal(num_samples) * 3_000).astype(np.int16)
        soundfile.write(tmp_path / "sounds" / f"{name}.flac", pcm, 16_000)
        made.append(recording(f"{name}.flac", (name,), duration_s=num_samples / 16_000))
    return tmp_path, made


def arrays(lessons: Lessons) -> tuple[np.ndarray, ...]:
    return lessons.patches, lessons.targets, lessons.weights


def test_lessons_are_the_same_whatever_the_number_of_processes(
    data: tuple[Path, list[Recording]],
) -> None:
    folder, recordings = data
    alone = make_lessons(folder, recordings, 8, 1, num_processes=1, windows_per_job=2)
    together = make_lessons(folder, recordings, 8, 1, num_processes=2, windows_per_job=2)
    for one, other in zip(arrays(alone), arrays(together), strict=True):
        np.testing.assert_array_equal(one, other)
    assert alone.patches.shape == (16, 96, 64)
    assert alone.targets.shape == (16, 527)
    plain, disturbed = alone.patches[::2], alone.patches[1::2]
    assert all(not np.array_equal(*pair) for pair in zip(plain, disturbed, strict=True))
    np.testing.assert_array_equal(alone.targets[::2], alone.targets[1::2])
    assert len(np.unique(plain[:, 0, 0])) == 8  # no job's windows are another's


def test_a_recording_that_is_not_there_is_named(data: tuple[Path, list[Recording]]) -> None:
    folder, recordings = data
    (folder / "sounds" / "Rain.flac").unlink()
    with pytest.raises(BadInput, match=r"sounds/Rain\.flac: cannot be read as a recording"):
        make_lessons(folder, recordings, 2, 1, num_processes=1, windows_per_job=2)


def test_a_label_that_is_no_class_is_named(data: tuple[Path, list[Recording]]) -> None:
    folder, (dog, _) = data
    odd = replace(dog, labels=("Wolpertinger",))
    with pytest.raises(BadInput, match=r"Dog\.flac: 'Wolpertinger' is no class of AudioSet"):
        make_lessons(folder, [odd], 2, 1, num_processes=1, windows_per_job=2)


@pytest.mark.parametrize("content", [None, b"no network"])
def test_a_teacher_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "yamnet.tflite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=r"yamnet\.tflite: cannot be used as the teacher"):
        Teacher(path, NAMES)


@pytest.mark.parametrize("num_windows", [0, 500, 1_001])
def test_a_number_of_windows_that_fills_no_jobs_is_refused(
    tmp_path: Path, num_windows: int
) -> None:
    with pytest.raises(BadInput, match=f"--windows {num_windows}: must be a multiple of 1,000"):
        make_lessons(tmp_path, [], num_windows, 1, num_processes=1)
