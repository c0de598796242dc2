"""The compact network: VGGish's layout at 0.375 of its width, 0.9 million parameters."""

from __future__ import annotations

from pathlib import Path

import keras
import openvino as ov
import tensorflow as tf

from earshot.audio.params import NUM_BANDS, PATCH_FRAMES
from training.frame_level.frames import FEATURE_SIZE

# (channels, followed by a 2 x 2 maximum): 96 x 64 -> 48 x 32 -> 24 x 16 -> 12 x 8.
BLOCKS = ((24, True), (48, True), (96, False), (96, True), (192, False), (192, False))
HIDDEN_UNITS = 512
DROPOUT = 0.2
CLIP = 2.0  # the embedding space is clipped to [-2, 2]


def build_embedder() -> keras.Model:
    """Returns the network: log-mel float32 (n, 96, 64) -> values float32 (n, 128) in (-2, 2).

    The maximum comes before normalisation and ReLU: the same for positive gains, at a quarter of
    the work.
    """
    log_mel = keras.Input((PATCH_FRAMES, NUM_BANDS), name="patches")
    maps = keras.layers.Reshape((PATCH_FRAMES, NUM_BANDS, 1))(log_mel)
    for channels, is_pooled in BLOCKS:
        maps = keras.layers.Conv2D(channels, 3, padding="same", use_bias=False)(maps)
        if is_pooled:
            maps = keras.layers.MaxPool2D()(maps)
        maps = keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.98)(maps))
    mean = keras.layers.GlobalAveragePooling2D()(maps)
    peak = keras.layers.GlobalMaxPooling2D()(maps)
    hidden = keras.layers.Dropout(DROPOUT)(keras.layers.Concatenate()([mean, peak]))
    hidden = keras.layers.Dense(HIDDEN_UNITS, activation="relu")(hidden)
    raw = keras.layers.Dense(FEATURE_SIZE)(hidden)
    values = CLIP * keras.ops.tanh(raw / CLIP)
    return keras.Model(log_mel, values, name="vggish_compact")


def write_ir(network: keras.Model, directory: Path) -> None:
    """Writes `model.xml` and `model.bin`, weights in 16 bits, input `patches`, output `values`."""

    @tf.function(input_signature=[tf.TensorSpec([None, PATCH_FRAMES, NUM_BANDS], tf.float32)])
    def serve(patches: tf.Tensor) -> tf.Tensor:
        return network(patches, training=False)

    model = ov.convert_model(serve.get_concrete_function(), input=[("patches", [-1, 96, 64])])
    model.outputs[0].set_names({"values"})
    ov.save_model(model, directory / "model.xml", compress_to_fp16=True)
