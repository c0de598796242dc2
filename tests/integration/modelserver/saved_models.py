"""Small SavedModels made with TensorFlow."""

from __future__ import annotations

from pathlib import Path

import numpy as np

NUM_CLASSES = 37


def save_frame_level(tf, folder: Path, seed: int, only_tensorflow: bool = False) -> None:
    """A small frame-level model by the contract: causal mean per frame, mean over the window.

    With `only_tensorflow` a number passes through text on its way, which OpenVINO cannot do.
    """
    rng = np.random.default_rng(seed)
    module = tf.Module()
    module.weights = tf.Variable(rng.normal(0, 0.5, (128, NUM_CLASSES)).astype(np.float32))
    module.biases = tf.Variable(rng.normal(0, 0.5, NUM_CLASSES).astype(np.float32))

    def serve(embeddings, num_frames):
        frames = tf.cast(embeddings, tf.float32) * (4 / 255) - 2
        places = tf.range(1, tf.shape(frames)[1] + 1, dtype=tf.int32)
        mask = tf.cast(places[None, :] <= num_frames[:, None], tf.float32)[:, :, None]
        means = tf.cumsum(frames * mask, axis=1) / tf.cast(places, tf.float32)[None, :, None]
        patch_scores = tf.sigmoid(tf.matmul(means, module.weights) + module.biases) * mask
        lengths = tf.maximum(tf.cast(num_frames, tf.float32), 1.0)[:, None]
        if only_tensorflow:
            lengths = tf.strings.to_number(tf.strings.as_string(lengths))
        return {
            "scores": tf.reduce_sum(patch_scores, axis=1) / lengths,
            "patch_scores": patch_scores,
        }

    specs = [
        tf.TensorSpec([None, None, 128], tf.uint8, "embeddings"),
        tf.TensorSpec([None], tf.int32, "num_frames"),
    ]
    signatures = {"serving_default": tf.function(serve, input_signature=specs)}
    tf.saved_model.save(module, str(folder), signatures=signatures)


def save_plain(tf, folder: Path) -> None:
    """A model that knows nothing of frames: half of each value, and the sum of each row."""
    module = tf.Module()
    module.half = tf.Variable(0.5)

    def serve(x):
        return {"half": x * module.half, "sum": tf.reduce_sum(x, axis=1)}

    signature = tf.function(serve, input_signature=[tf.TensorSpec([None, None], tf.float32, "x")])
    tf.saved_model.save(module, str(folder), signatures={"serving_default": signature})


def save_sparse(tf, folder: Path) -> None:
    """A graph of TensorFlow 1, for serving, that gives a sparse tensor; and one for training.

    The second has a signature of its own, `train`.
    """
    v1 = tf.compat.v1
    info = v1.saved_model.build_tensor_info
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, None], "x")
        inputs, outputs = {"x": info(x)}, {"sparse": info(tf.sparse.from_dense(x))}
        signature = v1.saved_model.build_signature_def(inputs, outputs, "predict")
        builder = v1.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature})
        builder.add_meta_graph(["train"], {"train": signature})
        builder.save()


def save_examples(tf, folder: Path, signatures: dict[str, str]) -> None:
    """A model with signatures of up to two kinds, by name.

    `examples`, as YouTube-8M exports it: serialised tf.train.Example with `mean` and `id` in, the
    scores and ids out. `dense`: the means in, the scores out.
    """
    rng = np.random.default_rng(3)
    module = tf.Module()
    module.weights = tf.Variable(rng.normal(0, 0.5, (4, 3)).astype(np.float32))
    features = {
        "mean": tf.io.FixedLenFeature([4], tf.float32),
        "id": tf.io.FixedLenFeature([], tf.string),
    }

    def examples(example_bytes):
        parsed = tf.io.parse_example(example_bytes, features)
        scores = tf.sigmoid(tf.matmul(parsed["mean"], module.weights))
        return {"scores": scores, "video_id": parsed["id"], "id_bytes": parsed["id"]}

    def dense(mean):
        return {"scores": tf.sigmoid(tf.matmul(mean, module.weights))}

    kinds = {
        "examples": (examples, tf.TensorSpec([None], tf.string, "example_bytes")),
        "dense": (dense, tf.TensorSpec([None, 4], tf.float32, "mean")),
    }
    functions = {
        name: tf.function(kinds[kind][0], input_signature=[kinds[kind][1]])
        for name, kind in signatures.items()
    }
    tf.saved_model.save(module, str(folder), signatures=functions)
