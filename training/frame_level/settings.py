"""What a network's shape and a training run depend on beside the data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetworkSizes:
    """The sizes of every architecture; each looks at its own. Defaults as in google/youtube-8m.

    Attributes:
        num_classes: Scores per segment.
        moe_num_mixtures: Experts per class, beside the one that always says 0.
        dbof_cluster_size: Units per frame before DBoF's pooling.
        dbof_hidden_size: Units after it.
        lstm_cells: Per layer; YouTube-8M has 1024, the published AudioSet model had 256.
        lstm_layers: Layers on top of each other.
        attention_units: Per dense layer of the attention model.
    """

    num_classes: int
    moe_num_mixtures: int = 2
    dbof_cluster_size: int = 8192
    dbof_hidden_size: int = 1024
    lstm_cells: int = 256
    lstm_layers: int = 2
    attention_units: int = 600


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a network is fitted.

    Attributes:
        num_epochs: Passes over the training segments.
        batch_size: Segments per step.
        base_learning_rate: At the start.
        learning_rate_decay: Factor of YouTube-8M's staircase; None for a half cosine to 0.
        learning_rate_decay_examples: After how many examples the staircase takes a step.
        weight_decay: AdamW's, not on biases and normalisations.
        mixup_beta: Two segments are mixed with a share drawn from Beta(beta, beta); 0 mixes none.
        averaging: How much of the running average of the weights is kept at each step.
        validation_share: Of the segments, kept out of training to choose the best epoch by mAP.
        patience_epochs: Training ends after so many epochs that brought no better one.
        seed: Of initial weights, order, mixes and dropout; one seed gives one result on one
            machine.
    """

    num_epochs: int = 40
    batch_size: int = 512
    base_learning_rate: float = 2e-3
    learning_rate_decay: float | None = None
    learning_rate_decay_examples: int = 4_000_000
    weight_decay: float = 1e-4
    mixup_beta: float = 1.0
    averaging: float = 0.998
    validation_share: float = 0.1
    patience_epochs: int = 10
    seed: int = 1
