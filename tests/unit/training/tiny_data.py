"""A folder as `earshot dataset build` makes it, tiny."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from training.class_list import write_class_labels
from training.readers import ClassLabel
from training.tfrecord_writer import write_records


def example(name: str, codes: np.ndarray, labels: list[int]) -> bytes:
    """One record: codes uint8 (t, 128)."""
    message = tf.train.SequenceExample()
    context = message.context.feature
    context["video_id"].bytes_list.value.append(name.encode())
    context["labels"].int64_list.value.extend(labels)
    frames = message.feature_lists.feature_list["audio_embedding"].feature
    for frame in codes:
        frames.add().bytes_list.value.append(frame.tobytes())
    return bytes(message.SerializeToString())


def write_dataset(folder: Path, num_segments: int, num_classes: int, num_heard: int = 0) -> Path:
    """Segments of 3 frames; class k is heard in segments k, k + num_heard …, around a point."""
    num_heard = num_heard or num_classes
    centres = np.random.default_rng(0).integers(60, 196, (num_heard, 128))
    noise = np.random.default_rng(1).integers(-40, 41, (num_segments, 3, 128))
    codes = (centres[np.arange(num_segments) % num_heard][:, None] + noise).astype(np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    examples = [example(f"{row}", codes[row], [row % num_heard]) for row in range(num_segments)]
    write_records(folder / "train.tfrecord", examples)
    names = [ClassLabel(index, f"/x/{index}", f"sound {index}") for index in range(num_classes)]
    write_class_labels(folder / "labels.csv", names)
    return folder
