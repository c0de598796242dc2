"""Distillation on a handful of patches: it learns, and one seed gives one result."""

from __future__ import annotations

import io

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

import keras  # noqa: E402
from rich.console import Console  # noqa: E402

from training.embedder.distil import DistilSettings, distil, moments  # noqa: E402
from training.embedder.lessons import Lessons  # noqa: E402
from training.frame_level.frames import normalise  # noqa: E402
from training.frame_level.mean_pooling import build_patch_network  # noqa: E402

SETTINGS = DistilSettings(num_epochs=20, batch_patches=8, average_momentum=0.9)


@pytest.fixture
def frozen() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build_patch_network(num_classes=3)


def made_up() -> Lessons:
    """Class 0 sounds in the low bands, class 1 in the high ones; of class 2 nothing is known."""
    rng = np.random.default_rng(0)
    is_low = np.arange(32) % 2 == 0
    patches = rng.normal(-3, 0.5, (32, 96, 64))
    patches[is_low, :, :32] += 4
    patches[~is_low, :, 32:] += 4
    targets = np.stack([is_low, ~is_low, rng.random(32)], axis=1)
    weights = np.broadcast_to([True, True, False], (32, 3))
    return Lessons(patches.astype(np.float16), targets.astype(np.float16), weights)


def distilled(frozen: keras.Model, settings: DistilSettings, out: io.StringIO) -> keras.Model:
    target_moments = (np.zeros(128, np.float32), np.ones(128, np.float32))
    return distil(made_up(), frozen, target_moments, settings, Console(file=out))


def test_moments_are_those_of_each_dimension() -> None:
    mean, variance = moments(np.array([[0.0, 1.0], [2.0, 1.0]], np.float32))
    np.testing.assert_allclose(mean, [1, 1])
    np.testing.assert_allclose(variance, [1, 0])


def test_the_embedder_learns_what_the_frozen_model_shall_score(frozen: keras.Model) -> None:
    before = [weight.copy() for weight in frozen.get_weights()]
    out = io.StringIO()
    embedder = distilled(frozen, SETTINGS, out)
    lessons = made_up()
    values = embedder(tf.constant(lessons.patches, tf.float32), training=False)
    scores = frozen(normalise(values), training=False).numpy()
    is_low = lessons.targets[:, 0] == 1
    assert scores[is_low, 0].mean() > scores[~is_low, 0].mean() + 0.3
    assert scores[~is_low, 1].mean() > scores[is_low, 1].mean() + 0.3
    losses = [
        float(line.split()[3][:-1]) for line in out.getvalue().splitlines() if "moments" in line
    ]
    assert len(losses) == SETTINGS.num_epochs
    assert losses[-1] < 0.7 * losses[0]
    for weight, kept in zip(frozen.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)


def test_one_seed_gives_one_result(frozen: keras.Model) -> None:
    few = DistilSettings(num_epochs=1, batch_patches=16)
    first, second = (distilled(frozen, few, io.StringIO()).get_weights() for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
