"""Every frame-level architecture by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras

from training.frame_level import mean_pooling
from training.frame_level.attention import build_attention
from training.frame_level.dbof import build_dbof
from training.frame_level.logistic import build_logistic
from training.frame_level.lstm import build_lstm
from training.frame_level.segments import (
    ScoreMembers,
    ScoreSegments,
    score_members,
    score_segments,
)
from training.frame_level.settings import FitSettings, NetworkSizes


@dataclass(frozen=True, slots=True)
class Architecture:
    """One kind of frame-level model.

    Attributes:
        name: As `--model` names it.
        description: One sentence for the card.
        build: Makes a network with fresh weights.
        score_segments: Scores segments with such a network.
        score_members: The same for training.
        recipe: The settings that suit it.
    """

    name: str
    description: str
    build: Callable[[NetworkSizes], keras.Model]
    recipe: FitSettings
    score_segments: ScoreSegments = score_segments
    score_members: ScoreMembers = score_members


ARCHITECTURES = {
    architecture.name: architecture
    for architecture in (
        Architecture(
            "logistic",
            "One dense layer on the mean of the patches.",
            build_logistic,
            FitSettings(num_epochs=30, base_learning_rate=1e-2),
        ),
        Architecture(
            "dbof",
            "Deep bag of frames: the strongest excitation of each cluster, then experts.",
            build_dbof,
            FitSettings(num_epochs=15, base_learning_rate=1e-3, clip_gradient_norm=1.0),
        ),
        Architecture(
            "lstm",
            "Two layers of LSTM cells over the patches, then experts.",
            build_lstm,
            FitSettings(base_learning_rate=1e-3, clip_gradient_norm=1.0),
        ),
        Architecture(
            "attention",
            "Three networks side by side; in each, per class, a softmax weighs the patches.",
            build_attention,
            FitSettings(),
        ),
        Architecture(
            "mean_pooling",
            "Two dense layers per patch; the mean of the patches is the window's score.",
            lambda sizes: mean_pooling.build_patch_network(sizes.num_classes),
            FitSettings(num_epochs=25, base_learning_rate=3e-3, mixup_beta=0.5),
            mean_pooling.score_segments,
            mean_pooling.score_members,
        ),
    )
}
