"""Distillation on a handful of patches: it learns, and one seed gives one start."""

from __future__ import annotations

import io

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from rich.console import Console  # noqa: E402

from training.embedder.distil import DistilSettings, distil, moments  # noqa: E402
from training.embedder.lessons import Lessons  # noqa: E402
from training.embedder.network import build_embedder, embed  # noqa: E402
from training.frame_level.mean_pooling import build_patch_network  # noqa: E402


def test_the_embedder_is_small_and_stays_within_the_space() -> None:
    network = build_embedder()
    assert network.count_params() < 1_500_000
    values = embed(network, np.full((3, 96, 64), 9.0, np.float16))
    assert values.shape == (3, 128)
    assert np.abs(values).max() <= 2


def test_moments_are_those_of_each_dimension() -> None:
    mean, variance = moments(np.array([[0.0, 1.0], [2.0, 1.0]], np.float32))
    np.testing.assert_allclose(mean, [1, 1])
    np.testing.assert_allclose(variance, [1, 0])


def test_distilling_changes_the_embedder_and_not_the_frozen_model() -> None:
    rng = np.random.default_rng(0)
    lessons = Lessons(
        patches=rng.normal(size=(8, 96, 64)).astype(np.float16),
        targets=rng.random((8, 5)).astype(np.float16),
        weights=np.ones((8, 5), np.bool_),
    )
    frozen = build_patch_network(num_classes=5)
    before = [weight.copy() for weight in frozen.get_weights()]
    target_moments = (np.zeros(128, np.float32), np.ones(128, np.float32))
    settings = DistilSettings(num_epochs=2, batch_patches=4)
    out = io.StringIO()
    epochs = list(distil(lessons, frozen, target_moments, settings, Console(file=out)))
    assert len(epochs) == 2
    assert "epoch 2/2: scores" in out.getvalue()
    assert np.isfinite(embed(epochs[-1], lessons.patches)).all()
    for weight, kept in zip(frozen.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, kept)
