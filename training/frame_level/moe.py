"""YouTube-8M's mixture of experts: the last layer of DBoF and LSTM."""

from __future__ import annotations

import keras
from keras import ops

from training.frame_level.mean_pooling import OUTPUT_BIAS

# slim's L2 regulariser of 1e-8 adds scale * sum(w^2) / 2; Keras' has no half.
L2_PENALTY = 1e-8 / 2


class MixtureOfExperts:
    """Probabilities of classes, each from a few logistic experts and a gate that weighs them.

    Per class: the sum over experts of softmax(gates) times sigmoid(expert); one more gate belongs
    to an expert that always says 0. Source: google/youtube-8m `video_level_models.py`, MoeModel.

    Attributes:
        num_classes: Classes.
        num_mixtures: Experts per class, without the one that says 0.
    """

    def __init__(self, num_classes: int, num_mixtures: int) -> None:
        self.num_classes, self.num_mixtures = num_classes, num_mixtures
        self._gates = keras.layers.Dense(
            num_classes * (num_mixtures + 1),
            use_bias=False,
            kernel_regularizer=keras.regularizers.L2(L2_PENALTY),
            name="gates",
        )
        self._experts = keras.layers.Dense(
            num_classes * num_mixtures,
            bias_initializer=keras.initializers.Constant(OUTPUT_BIAS),
            kernel_regularizer=keras.regularizers.L2(L2_PENALTY),
            name="experts",
        )

    def __call__(self, features: keras.KerasTensor) -> keras.KerasTensor:
        """Returns the probabilities (..., num_classes) of features (..., size).

        Called twice, it uses the same weights.
        """
        gates = ops.split(self._gates(features), self.num_mixtures + 1, axis=-1)
        shares = ops.softmax(ops.stack(gates, axis=-1), axis=-1)[..., : self.num_mixtures]
        experts = ops.split(self._experts(features), self.num_mixtures, axis=-1)
        return ops.sum(shares * ops.sigmoid(ops.stack(experts, axis=-1)), axis=-1)
