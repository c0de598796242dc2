"""A bundle whose scores are the bytes of its input, and shards to go with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tensorflow as tf

from earshot.embedding.card_writer import write_card
from earshot.embedding.model_card import AUDIOSET_SPACE
from training import evaluate

NAMES = ("Dog", "Cat", "Siren", "Never heard")


class Bytes(tf.Module):
    """The score of class c is the mean of byte c over the frames, times `scale`."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None, 128], tf.uint8, name="embeddings"),
            tf.TensorSpec([None], tf.int32, name="num_frames"),
        ]
    )
    def serve(self, embeddings: tf.Tensor, num_frames: tf.Tensor) -> dict[str, tf.Tensor]:
        patch_scores = tf.cast(embeddings[..., : len(NAMES)], tf.float32) / 255 * self.scale
        mask = tf.sequence_mask(num_frames, tf.shape(embeddings)[1], tf.float32)[..., None]
        scores = tf.reduce_sum(patch_scores * mask, 1) / tf.reduce_sum(mask, 1)
        return {"scores": scores, "patch_scores": patch_scores}


def write_bundle(folder: Path, scale: float = 1.0, space: str = AUDIOSET_SPACE) -> Path:
    module = Bytes(scale)
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})
    rows = [f"{index},/m/{index},{name}\n" for index, name in enumerate(NAMES)]
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "labels.csv").write_text("index,mid,display_name\n" + "".join(rows))
    write_bundle_card(folder, space=space)
    return folder


def write_bundle_card(
    folder: Path, space: str = AUDIOSET_SPACE, num_classes: int = len(NAMES)
) -> None:
    counts = {"version": int(folder.name), "num_classes": num_classes}
    texts = {"name": folder.parent.name, "kind": "frame_level", "embedding_space": space}
    made = {"data": [], "metrics": {}, "command": "test", "date": "2026-01-01"}
    write_card(folder, {**counts, **texts, **made})


def write_shard(path: Path, segments: Sequence[tuple[Sequence[int], Sequence[int]]]) -> None:
    """Writes segments of two frames: (first bytes of each frame, labels)."""
    feature = tf.train.Feature
    with tf.io.TFRecordWriter(str(path)) as writer:
        for number, (values, labels) in enumerate(segments):
            frame = bytes([*values, *[0] * (128 - len(values))])
            frames = [feature(bytes_list=tf.train.BytesList(value=[frame]))] * 2
            name = f"segment-{number}".encode()
            context = {
                "video_id": feature(bytes_list=tf.train.BytesList(value=[name])),
                "labels": feature(int64_list=tf.train.Int64List(value=labels)),
            }
            lists = {"audio_embedding": tf.train.FeatureList(feature=frames)}
            example = tf.train.SequenceExample(
                context=tf.train.Features(feature=context),
                feature_lists=tf.train.FeatureLists(feature_list=lists),
            )
            writer.write(example.SerializeToString())


def evaluated(bundle: Path, *more: str) -> int:
    """Runs the command on `eval.tfrecord` of the working directory."""
    options = ["--bundle", str(bundle), "--data-pattern", "eval.tfrecord", *more]
    return evaluate.command(evaluate.parse_arguments(options))
