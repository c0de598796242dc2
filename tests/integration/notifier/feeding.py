"""A toy model and taxonomy, predictions of several devices, and what must come of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from earshot.contracts.code import CODE_BYTES
from earshot.contracts.messages import Flags, Header, Prediction
from earshot.events import cloud_event
from earshot.events.event import SoundEvent
from earshot.events.labels import ClassIndex
from earshot.events.scores import gather
from earshot.events.taxonomy import Taxonomy
from earshot.events.taxonomy_file import load_taxonomy
from earshot.events.tracker import Tracker
from earshot.streams.entry import POISON
from services.notifier.handler import follow

CLASSES = ("Dog", "Siren", "Rain")
MODEL = "toy@1"
EMBEDDER = "ears@1"
TAXONOMY = """\
defaults: {on_score: 0.5, off_score: 0.3, min_duration_s: 0, merge_gap_s: 0}
labels:
  - {name: Dog, category: animal, priority: normal, classes: [Dog]}
  - {name: Siren, category: safety, priority: high, classes: [Siren], min_duration_s: 1.92}
  - {name: Rain, category: environmental, priority: low, classes: [Rain], merge_gap_s: 0.96}
"""
HOP, HOP_NS = 15_360, 960_000_000
BORN_NS = 1_777_605_127_000_000_000


def write_models(folder: Path) -> Path:
    """Makes a models folder with the toy's labels in it."""
    assets = folder / "models" / "toy" / "1" / "assets"
    assets.mkdir(parents=True)
    rows = [f"{index},/m/{index},{name}" for index, name in enumerate(CLASSES)]
    (assets / "labels.csv").write_text("\n".join(["index,mid,display_name", *rows, ""]))
    return folder / "models"


def write_taxonomy(folder: Path) -> Path:
    (folder / "taxonomy.yaml").write_text(TAXONOMY)
    return folder / "taxonomy.yaml"


def load_toy_taxonomy(folder: Path) -> Taxonomy:
    return load_taxonomy(write_taxonomy(folder))


def prediction(
    sequence: int,
    first_patch: int,
    scores: list[tuple[float, ...]],
    device: str = "kitchen",
    flags: Flags = Flags.NONE,
) -> Prediction:
    """A prediction of the toy: one tuple of class scores per patch."""
    patch_scores = np.array(scores, np.float16).reshape(-1, len(CLASSES))
    num_patches = len(patch_scores)
    header = Header(
        device,
        "01J",
        sequence,
        first_sample=first_patch * HOP,
        captured_at_ns=BORN_NS + first_patch * HOP_NS,
        flags=flags,
    )
    return Prediction(
        header=header,
        model=MODEL,
        scores=patch_scores,
        patch_scores=patch_scores,
        codes=np.zeros((num_patches, CODE_BYTES), np.uint8),
        level_dbfs=np.linspace(-40, -20, num_patches, dtype=np.float32),
        embedder=EMBEDDER,
    )


def after_poison(message: Prediction) -> Prediction:
    """The message, if the one before it became a dead letter."""
    flags = message.header.flags | Flags.GAP
    return replace(message, header=replace(message.header, flags=flags, gap_reason=POISON))


def barks(num_entries: int, device: str = "kitchen") -> list[Prediction]:
    """A dog in every second patch, one patch per entry: an event per two entries."""
    loud, quiet = (0.75, 0.0, 0.0), (0.0, 0.0, 0.0)
    scores = [loud if n % 2 == 0 else quiet for n in range(num_entries)]
    return [prediction(n, n, [score], device) for n, score in enumerate(scores)]


def soundscape(seed: int, num_devices: int, num_entries: int) -> list[Prediction]:
    """Random entries of up to three patches, some after a gap; every session ends."""
    random = np.random.default_rng(seed)
    played: list[Prediction] = []
    next_patch: defaultdict[str, int] = defaultdict(int)
    for sequence in range(num_entries):
        for device in (f"device{index}" for index in range(num_devices)):
            is_gap = random.random() < 0.1
            next_patch[device] += 5 if is_gap else 0
            scores = [tuple(row) for row in random.random((random.integers(0, 4), 3)).tolist()]
            flags = Flags.GAP if is_gap else Flags.NONE
            if sequence == num_entries - 1:
                flags |= Flags.END_OF_SESSION
            played.append(prediction(sequence, next_patch[device], scores, device, flags))
            next_patch[device] += len(scores)
    return played


def expected_bodies(played: list[Prediction], taxonomy: Taxonomy) -> list[str]:
    """What an undisturbed notifier commits, in the order of its positions."""
    return [cloud_event.encode(event) for event in expected_events(played, taxonomy)]


def expected_events(played: list[Prediction], taxonomy: Taxonomy) -> list[SoundEvent]:
    """The revisions of an undisturbed run of one partition."""
    index_of = {name: index for index, name in enumerate(CLASSES)}
    gathering = gather(taxonomy, ClassIndex(Path("labels.csv"), CLASSES, CLASSES, index_of))
    trackers: dict[str, Tracker] = {}
    revised: list[SoundEvent] = []
    for message in played:
        who = (message.header.device_id, message.header.session_id)
        tracker = trackers.setdefault(who[0], Tracker(taxonomy, *who))
        revised += follow(tracker, message, lambda _: gathering)
    return revised
