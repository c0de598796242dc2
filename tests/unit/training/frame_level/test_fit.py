"""Training: one seed one result, interrupted or not; the best epoch; early stop; bad input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.errors import BadCheckpoint, BadInput  # noqa: E402
from training.frame_level.checkpoint import (  # noqa: E402
    Checkpoint,
    read_checkpoint,
    write_checkpoint,
)
from training.frame_level.fit import Fit  # noqa: E402
from training.frame_level.fit_step import make_fit_optimizer  # noqa: E402
from training.frame_level.registry import ARCHITECTURES  # noqa: E402
from training.frame_level.settings import FitSettings, NetworkSizes  # noqa: E402
from training.readers import Segments  # noqa: E402

SIZES = NetworkSizes(
    num_classes=4, dbof_cluster_size=24, dbof_hidden_size=16, lstm_cells=8, attention_units=16
)
SETTINGS = FitSettings(num_epochs=4, batch_size=32, base_learning_rate=0.03, averaging=0.9)


@pytest.fixture(scope="module")
def segments() -> Segments:
    """200 segments of 4 classes, each around a point of its own."""
    rng = np.random.default_rng(0)
    classes = rng.integers(0, 4, 200)
    centres = rng.integers(60, 196, (4, 128))
    noise = rng.integers(-50, 51, (200, 5, 128))
    codes = (centres[classes][:, None] + noise).astype(np.uint8)
    num_frames = rng.integers(1, 6, 200).astype(np.int32)
    ids = [f"segment {row}" for row in range(200)]
    return Segments(ids, codes, num_frames, np.eye(4, dtype=np.bool_)[classes], [])


def fit_of(name: str, segments: Segments, path: Path, settings: FitSettings = SETTINGS) -> Fit:
    return Fit(ARCHITECTURES[name], SIZES, segments, settings, path)


def best_of(path: Path) -> list[np.ndarray]:
    return read_checkpoint(path).groups["best"]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_learns(name: str, segments: Segments, tmp_path: Path) -> None:
    epochs = list(fit_of(name, segments, tmp_path / "c.npz").epochs())
    assert [epoch.number for epoch in epochs] == [1, 2, 3, 4]
    assert epochs[-1].loss < epochs[0].loss
    assert epochs[-1].validation_map is not None


def test_a_training_that_was_stopped_gives_the_weights_of_one_that_was_not(
    segments: Segments, tmp_path: Path
) -> None:
    whole = list(fit_of("attention", segments, tmp_path / "whole.npz").epochs())
    stopped = fit_of("attention", segments, tmp_path / "stopped.npz").epochs()
    halves = [next(stopped), next(stopped)]
    halves += fit_of("attention", segments, tmp_path / "stopped.npz").epochs()
    assert halves == whole
    for one, other in zip(
        best_of(tmp_path / "whole.npz"), best_of(tmp_path / "stopped.npz"), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_a_step_that_was_interrupted_leaves_the_last_whole_epoch(
    segments: Segments, tmp_path: Path
) -> None:
    steps_left = iter(range(7))

    def interrupt() -> None:
        if next(steps_left, None) is None:
            raise KeyboardInterrupt

    path = tmp_path / "c.npz"
    fit = fit_of("logistic", segments, path)
    with pytest.raises(KeyboardInterrupt):
        list(fit.epochs(on_step=interrupt))
    assert read_checkpoint(path).fields["num_epochs_done"] == 7 // fit.num_steps
    assert len(list(fit_of("logistic", segments, path).epochs())) == 4 - 7 // fit.num_steps


def test_a_new_model_replaces_the_checkpoint_only_when_it_can_begin(
    segments: Segments, tmp_path: Path
) -> None:
    path = tmp_path / "c.npz"
    list(fit_of("logistic", segments, path).epochs())
    architecture, few = ARCHITECTURES["logistic"], segments.take(np.arange(10))
    with pytest.raises(BadInput, match="do not fill a batch of 32"):
        Fit(architecture, SIZES, few, SETTINGS, path, is_new=True)
    assert read_checkpoint(path).fields["num_epochs_done"] == 4
    fit = Fit(architecture, SIZES, segments, replace(SETTINGS, seed=9), path, is_new=True)
    assert fit.state.num_epochs_done == 0
    assert read_checkpoint(path).fields["num_epochs_done"] == 0


@pytest.mark.parametrize("validation_share", [0.0, 0.1])
def test_a_training_that_diverges_ends_and_keeps_the_epoch_before(
    segments: Segments, tmp_path: Path, validation_share: float
) -> None:
    settings = replace(
        SETTINGS, base_learning_rate=1e30, weight_decay=1e9, validation_share=validation_share
    )
    epochs = fit_of("logistic", segments, tmp_path / "c.npz", settings).epochs()
    with pytest.raises(
        BadInput, match=r"epoch 1 diverged \(loss nan.*lower --base-learning-rate than 1e\+30$"
    ):
        list(epochs)
    read = read_checkpoint(tmp_path / "c.npz")
    assert read.fields["num_epochs_done"] == 0
    assert all(np.isfinite(array).all() for group in read.groups.values() for array in group)


def test_another_seed_gives_other_weights(segments: Segments, tmp_path: Path) -> None:
    for seed in (1, 2):
        settings = replace(SETTINGS, num_epochs=1, seed=seed)
        list(fit_of("logistic", segments, tmp_path / f"{seed}.npz", settings).epochs())
    one, other = best_of(tmp_path / "1.npz")[0], best_of(tmp_path / "2.npz")[0]
    assert np.abs(one - other).max() > 1e-3


def test_training_stops_when_no_epoch_is_better(segments: Segments, tmp_path: Path) -> None:
    settings = replace(SETTINGS, num_epochs=60, base_learning_rate=0.0, patience_epochs=3)
    epochs = list(fit_of("logistic", segments, tmp_path / "c.npz", settings).epochs())
    assert [epoch.is_best for epoch in epochs] == [True, False, False, False]
    assert read_checkpoint(tmp_path / "c.npz").fields["best_epoch"] == 1


def test_every_epoch_counts_without_a_validation_share(segments: Segments, tmp_path: Path) -> None:
    settings = replace(SETTINGS, validation_share=0.0)
    epochs = list(fit_of("logistic", segments, tmp_path / "c.npz", settings).epochs())
    assert [epoch.is_best for epoch in epochs] == [True] * 4
    assert epochs[0].validation_map is None
    assert epochs[0].validation_hit_at_1 is None


def test_a_checkpoint_of_another_training_is_refused(segments: Segments, tmp_path: Path) -> None:
    fit_of("logistic", segments, tmp_path / "c.npz")
    with pytest.raises(BadCheckpoint, match="model logistic, not lstm"):
        fit_of("lstm", segments, tmp_path / "c.npz")
    with pytest.raises(BadCheckpoint, match="seed 1, not 9"):
        fit_of("logistic", segments, tmp_path / "c.npz", replace(SETTINGS, seed=9))


def test_weights_of_another_version_of_the_model_are_refused(
    segments: Segments, tmp_path: Path
) -> None:
    fit_of("logistic", segments, tmp_path / "c.npz")
    read = read_checkpoint(tmp_path / "c.npz")
    network = [*read.groups["network"], np.zeros(3, np.float32)]
    write_checkpoint(
        tmp_path / "c.npz", Checkpoint(read.fields, {**read.groups, "network": network})
    )
    with pytest.raises(BadCheckpoint, match="its weights do not fit logistic as it is now"):
        fit_of("logistic", segments, tmp_path / "c.npz")


def test_too_few_segments_are_refused(segments: Segments, tmp_path: Path) -> None:
    few = segments.take(np.arange(10))
    with pytest.raises(BadInput, match="do not fill a batch of 32"):
        fit_of("logistic", few, tmp_path / "c.npz")
    settings = replace(SETTINGS, batch_size=4, validation_share=1e-9)
    with pytest.raises(BadInput, match="no label among the 0 segments"):
        fit_of("logistic", few, tmp_path / "c.npz", settings)


def test_the_staircase_takes_a_step_after_so_many_examples() -> None:
    settings = replace(SETTINGS, learning_rate_decay=0.5, learning_rate_decay_examples=64)
    network = ARCHITECTURES["logistic"].build(SIZES)
    optimizer = make_fit_optimizer(network, 10, settings)
    rates = []
    for _ in range(5):
        rates.append(float(optimizer.learning_rate))
        optimizer.iterations.assign_add(1)
    np.testing.assert_allclose(rates, [0.03, 0.03, 0.015, 0.015, 0.0075], rtol=1e-6)
