"""LSTM: layers of cells read the frames in order; experts judge what the top one remembers.

Source: google/youtube-8m `frame_level_models.py`, LstmModel. Corrected: dropout, without which
it learns the balanced split by heart.
"""

from __future__ import annotations

import keras
from keras import ops

from training.frame_level.moe import MixtureOfExperts
from training.frame_level.segments import segment_inputs
from training.frame_level.settings import NetworkSizes

DROPOUT = 0.5


def build_lstm(sizes: NetworkSizes) -> keras.Model:
    """Returns the network; a patch's score is that of the segment up to and with it."""
    values, is_frame = segment_inputs()
    memories = values
    for layer in range(sizes.lstm_layers):
        # unit_forget_bias is YouTube-8M's forget_bias 1.0. Without cuDNN's kernel, which no other
        # runtime could load.
        memories = keras.layers.LSTM(
            sizes.lstm_cells,
            return_sequences=True,
            unit_forget_bias=True,
            use_cudnn=False,
            name=f"lstm_{layer + 1}",
        )(memories)
        memories = keras.layers.Dropout(DROPOUT)(memories)
    classify = MixtureOfExperts(sizes.num_classes, sizes.moe_num_mixtures)
    position = ops.cumsum(ops.cast(is_frame, "float32"), axis=1)
    num_frames = ops.sum(ops.cast(is_frame, "float32"), axis=1, keepdims=True)
    is_last = ops.logical_and(ops.equal(position, num_frames), is_frame)
    last = ops.sum(ops.where(ops.expand_dims(is_last, -1), memories, 0.0), axis=1)
    return keras.Model((values, is_frame), (classify(last), classify(memories)), name="lstm")
