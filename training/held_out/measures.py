"""Every measure of an embedder and a frame-level bundle on recordings that trained neither."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.embedding.embedder import Embedder
from earshot.embedding.model_card import verify_bundle
from earshot.events.labels import read_class_index, read_ontology
from earshot.events.scores import members_of
from earshot.events.taxonomy_file import load_taxonomy
from training.embedder.partition import Partition
from training.embedder.recordings import Recording
from training.embedder.teacher import Teacher
from training.errors import BadInput
from training.held_out import agreement, esc10, false_alarms, naming, presence, sesa
from training.held_out.heard import Heard, Listener, hear_all


def measure_pair(
    data: Path, parts: Partition, embedder_dir: Path, bundle: Path, taxonomy: Path
) -> dict[str, Any]:
    """Returns all measures by name, and what they were measured on and with.

    Args:
        data: Folder with `sounds/` and `teacher/`.
        parts: Its test part is measured on; clips of ESC-10 and SESA must be among it.
        embedder_dir: Bundle of the embedder.
        bundle: The frame-level bundle.
        taxonomy: The product's labels, for the false alarms.

    Raises:
        BadInput: A recording or the teacher cannot be used, or there is no such clip.
        EmbeddingError: A bundle cannot be used.
        EventsError: The taxonomy cannot be used.
    """
    _check_sets(data, parts)
    embedder = Embedder.load(embedder_dir)
    card = verify_bundle(bundle, kind="frame_level")
    listener = Listener(embedder, bundle)
    classes = read_class_index(bundle / "assets" / "labels.csv")
    names = classes.display_names
    labels = load_taxonomy(taxonomy)
    members = members_of(labels, classes, read_ontology(classes))
    teacher = Teacher(data / "teacher" / "yamnet.tflite", names)
    heard = hear_all(data / "sounds", parts.test, listener)
    return {
        "on": parts.test_is,
        "with": f"{embedder.name_version} and {card.name_version}",
        "num_recordings": len(heard),
        "minutes": round(sum(len(clip.pcm) for clip in heard) / SAMPLE_RATE_HZ / 60, 1),
        "esc10": esc10.measure([clip for clip in heard if clip.recording.fold], names),
        "sesa": sesa.measure([clip for clip in heard if _is_of_sesa(clip.recording)], names),
        "labels": naming.measure(heard, names),
        **presence.measure(heard, names),
        "silence": presence.measure_silence(listener, names),
        "false_alarms": false_alarms.measure(heard, listener, labels, members),
        "teacher": agreement.measure(heard, teacher),
        "share_of_clipped_codes": _share_of_clipped_codes(heard),
    }


def _is_of_sesa(recording: Recording) -> bool:
    return recording.file.startswith("sesa/")


def _check_sets(data: Path, parts: Partition) -> None:
    if not any(r.fold for r in parts.test) or not any(_is_of_sesa(r) for r in parts.test):
        raise BadInput(f"{data}: clips of ESC-10 and SESA are needed to measure on")


def _share_of_clipped_codes(heard: Sequence[Heard]) -> float:
    """Returns the share of codes that are 0 or 255: where the embedding space ends."""
    codes = np.concatenate([clip.codes for clip in heard])
    return round(float(np.isin(codes, (0, 255)).mean()), 4)
