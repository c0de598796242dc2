"""From a trained frame-level network to the bundle directory that model servers load.

`tf.saved_model.save` of a plain module that holds the variables stores each weight once; Keras'
own export writes them twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import keras
import tensorflow as tf

from training.class_list import write_class_labels
from training.frame_level.frames import FEATURE_SIZE, dequantise
from training.frame_level.mean_pooling import build_patch_network
from training.frame_level.mean_pooling import score_segments as score_mean_pooling
from training.frame_level.segments import ScoreSegments
from training.readers import ClassLabel
from training.warmup import write_warmup_requests


def make_servable(
    network: keras.Model, score_segments: ScoreSegments = score_mean_pooling
) -> tf.Module:
    """Returns a module with the variables and the one signature of a bundle, `serve`.

    Inputs `embeddings` uint8 [N, T, 128] and `num_frames` int32 [N]; outputs `scores` float32
    [N, C] and `patch_scores` float32 [N, T, C]. Frames past `num_frames` have no influence.

    Args:
        network: Trained; batch normalisation's statistics are among its weights.
        score_segments: Of the network's architecture.
    """

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None, FEATURE_SIZE], tf.uint8, name="embeddings"),
            tf.TensorSpec([None], tf.int32, name="num_frames"),
        ]
    )
    def serve(embeddings: tf.Tensor, num_frames: tf.Tensor) -> dict[str, tf.Tensor]:
        scores, patch_scores = score_segments(network, dequantise(embeddings), num_frames, False)
        return {"scores": scores, "patch_scores": patch_scores}

    module = tf.Module()
    # `weights` are the variables without the state of dropout's random numbers.
    module.weights = [variable.value for variable in network.weights]
    module.serve = serve
    return module


def write_saved_model(
    network: keras.Model,
    class_labels: Sequence[ClassLabel],
    directory: Path,
    score_segments: ScoreSegments = score_mean_pooling,
) -> None:
    """Writes SavedModel, labels and warm-up records into a directory, which is made.

    The card is written last, by `training.card`, when everything it describes is in place.

    Args:
        network: Trained.
        class_labels: One per score.
        directory: ``<name>/<version>``, or where that is in the making.
        score_segments: Of the network's architecture.

    Raises:
        OSError: The disk is full, or the place cannot be written.
    """
    module = make_servable(network, score_segments)
    try:
        tf.saved_model.save(module, str(directory), signatures={"serving_default": module.serve})
    except tf.errors.OpError as error:
        raise OSError(f"SavedModel: {error.message}") from None
    assets = directory / "assets"
    assets.mkdir(exist_ok=True)
    write_class_labels(assets / "labels.csv", class_labels)
    write_warmup_requests(directory)


def load_patch_network(directory: Path) -> keras.Model:
    """Returns the mean-pooling network inside a bundle, weights included.

    Raises:
        ValueError: The bundle holds variables of another network.
        OSError: There is no SavedModel.
    """
    stored = [variable.numpy() for variable in tf.saved_model.load(str(directory)).weights]
    network = build_patch_network(num_classes=stored[-1].shape[-1])
    if [array.shape for array in stored] != [weight.shape for weight in network.get_weights()]:
        raise ValueError(f"{directory}: not a bundle of a {network.name} network")
    network.set_weights(stored)
    return network
