"""Embedder and frame-level bundle together on recordings that neither was trained with."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("ai_edge_litert", reason="needs the training extra (ai-edge-litert)")

from earshot.embedding.embedder import Embedder
from earshot.events.labels import read_class_index
from training.embedder.partition import HELD_OUT_FOLD, partition
from training.embedder.recordings import read_manifest
from training.held_out import esc10
from training.held_out.heard import Listener, hear_all
from training.places import BUNDLE, EMBEDDER


def test_a_true_class_is_among_the_top_5_for_most_of_the_held_out_fold(shared_data: Path) -> None:
    sounds = shared_data / "sounds"
    held_out = partition(read_manifest(sounds)).test
    clips = [recording for recording in held_out if recording.fold == HELD_OUT_FOLD]
    heard = hear_all(sounds, clips, Listener(Embedder.load(EMBEDDER), BUNDLE))
    names = read_class_index(BUNDLE / "assets" / "labels.csv").display_names
    measured = esc10.measure(heard, names)
    assert measured["num_clips"] == 80
    assert measured["top_1_of_10"] >= 0.80
    assert measured["top_5_of_527"] >= 0.70
