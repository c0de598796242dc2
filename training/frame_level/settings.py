"""What a network's shape and a training run depend on beside the data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from training.errors import BadInput


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
        attention_members: Networks side by side whose scores are averaged.
    """

    num_classes: int
    moe_num_mixtures: int = 2
    dbof_cluster_size: int = 8192
    dbof_hidden_size: int = 1024
    lstm_cells: int = 256
    lstm_layers: int = 2
    attention_units: int = 500
    attention_members: int = 3


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
        clip_gradient_norm: Longest gradient of each tensor; longer ones are shortened to it, 0
            shortens none. YouTube-8M has 1.
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
    clip_gradient_norm: float = 0.0
    averaging: float = 0.998
    validation_share: float = 0.1
    patience_epochs: int = 10
    seed: int = 1


# Lowest and highest value allowed; where nothing is said, 1 and more.
_RANGES: dict[str, tuple[float, float]] = {
    "base_learning_rate": (0, math.inf),
    "learning_rate_decay": (0, 1),
    "weight_decay": (0, math.inf),
    "mixup_beta": (0, math.inf),
    "clip_gradient_norm": (0, math.inf),
    "averaging": (0, 1),
    "validation_share": (0, 0.9),
    "seed": (0, 2**32 - 1),
}


def check_ranges(settings: NetworkSizes | FitSettings) -> None:
    """Refuses values that make no sense.

    Raises:
        BadInput: One is outside its range; the sentence names the flag and what is allowed.
    """
    for name, value in asdict(settings).items():
        lowest, highest = _RANGES.get(name, (1, math.inf))
        if value is not None and not (lowest <= value <= highest and math.isfinite(value)):
            allowed = f"at least {lowest}" if highest == math.inf else f"{lowest} to {highest}"
            raise BadInput(f"--{name.replace('_', '-')} {value}: must be {allowed}")
