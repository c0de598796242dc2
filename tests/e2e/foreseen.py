"""Predictions as classifiers write them, and all that must come of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.contracts.code import CODE_BYTES
from earshot.contracts.messages import Flags, Header, Prediction
from earshot.events import cloud_event
from earshot.events.event import SoundEvent
from earshot.events.taxonomy_file import load_taxonomy
from earshot.events.tracker import Tracker
from earshot.streams.topic import partition_of

# In the order of the labels below, so that a class's score is its label's.
CLASSES = ("Rain", "Siren", "Dog")
TAXONOMY = """\
defaults: {on_score: 0.5, off_score: 0.3, merge_gap_s: 0.96}
labels:
  - {name: Rain, category: environmental, priority: low, classes: [Rain]}
  - {name: Siren, category: safety, priority: high, classes: [Siren], masks: [Rain]}
  - {name: Dog, category: animal, priority: normal, classes: [Dog]}
"""
MODEL, EMBEDDER = "foreseen@1", "ears@1"
HOP_NS = 1_000_000_000 * PATCH_HOP_SAMPLES // SAMPLE_RATE_HZ
BLOCK_PATCHES = 33  # one event begins in each
HEARD_AGO_NS = 3600 * 1_000_000_000  # lately: what is old is not kept


@dataclass(frozen=True)
class Foreseen:
    """What is played, in this order, and what it must become.

    Attributes:
        played: One patch per prediction; the last of each session has none.
        revised: Every revision, in the order in which one tracker per session gives them out.
    """

    played: Sequence[Prediction]
    revised: Sequence[SoundEvent]

    @property
    def revision_ids(self) -> list[str]:
        return [event.revision_id for event in self.revised]

    @property
    def event_ids(self) -> set[str]:
        return {event.event_id for event in self.revised}

    def bodies(self, partition: int, partitions: int) -> list[str]:
        """What the database and the events stream must hold of a partition, in order."""
        return [
            cloud_event.encode(event)
            for event in self.revised
            if partition_of(event.device_id, partitions) == partition
        ]


def foresee(folder: Path, num_devices: int, num_sessions: int, num_blocks: int) -> Foreseen:
    """Writes taxonomy and labels into the folder, and makes `num_blocks` events per session.

    A device's sessions follow each other; the devices take turns, one prediction each.
    """
    write_model(folder)
    (folder / "taxonomy.yaml").write_text(TAXONOMY)
    played: list[Prediction] = []
    random, born_ns = np.random.default_rng(4), time.time_ns() - HEARD_AGO_NS
    for number in range(num_sessions):
        sessions = [
            list(_session(f"device-{device}", f"01J{number}", born_ns, random, num_blocks))
            for device in range(num_devices)
        ]
        played += [each for turn in zip(*sessions, strict=True) for each in turn]
        born_ns += len(sessions[0]) * HOP_NS
    return Foreseen(played, _revised(played, folder))


def write_model(folder: Path) -> None:
    """Makes a models folder with the labels of the model in it."""
    assets = folder / "models" / MODEL.replace("@", "/") / "assets"
    assets.mkdir(parents=True)
    rows = [f"{index},/m/{index},{name}" for index, name in enumerate(CLASSES)]
    (assets / "labels.csv").write_text("\n".join(["index,mid,display_name", *rows, ""]))


def _session(
    device_id: str, session_id: str, born_ns: int, random: np.random.Generator, num_blocks: int
) -> Iterator[Prediction]:
    scores = _scores(random, num_blocks)
    levels = random.uniform(-60, -20, len(scores)).astype(np.float32)
    for patch in range(len(scores) + 1):
        now = slice(patch, patch + 1)  # empty at the end
        header = Header(
            device_id,
            session_id,
            patch,
            patch * PATCH_HOP_SAMPLES,
            born_ns + patch * HOP_NS,
            Flags.END_OF_SESSION if patch == len(scores) else Flags.NONE,
        )
        codes = np.full((len(scores[now]), CODE_BYTES), patch % 256, np.uint8)
        yield Prediction(header, MODEL, scores[now], scores[now], codes, levels[now], EMBEDDER)


def _scores(random: np.random.Generator, num_blocks: int) -> NDArray[np.float16]:
    """float16 (num_patches, 3): in turn rain, a siren into its end, which masks it, and a dog."""
    scores = random.uniform(0, 0.25, (num_blocks * BLOCK_PATCHES + 4, len(CLASSES)))
    for block in range(num_blocks):
        begin, label = block * BLOCK_PATCHES, block % len(CLASSES)
        # The next block's siren begins 3 to 5 patches in, while it still rains.
        first, last = [((20, 25), (41, 50)), ((3, 6), (12, 20)), ((8, 12), (13, 25))][label]
        on = slice(begin + random.integers(*first), begin + random.integers(*last))
        scores[on, label] = random.uniform(0.55, 1, len(scores[on]))
    return scores.astype(np.float16)


def _revised(played: Sequence[Prediction], folder: Path) -> list[SoundEvent]:
    taxonomy = load_taxonomy(folder / "taxonomy.yaml")
    trackers: dict[tuple[str, str], Tracker] = {}
    revised: list[SoundEvent] = []
    for each in played:
        key = each.header.device_id, each.header.session_id
        tracker = trackers.setdefault(key, Tracker(taxonomy, *key))
        models = (each.embedder, each.model)
        revised += tracker.advance(each.header, each.patch_scores, each.level_dbfs, models)
    return revised
