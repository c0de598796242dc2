"""Events and predictions of our own making, dated now."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from earshot.contracts.code import CODE_BYTES
from earshot.contracts.messages import Flags, Header, Prediction
from earshot.events.event import EndReason, EventState, SoundEvent, event_id

SESSION = "01JZ8Q4T7M3W5Y9X2C6V1B0N8K"  # of events that are made directly
HEARD_SESSION = "01JZ8Q4T7M3W5Y9X2C6V1B0N9L"  # of predictions: a notifier keeps its own account
SECOND_NS = 1_000_000_000
PATCH_SAMPLES, PATCH_NS = 15_360, 960_000_000
MODEL = "earshot-default@1"
EMBEDDER = "vggish-compact@1"
LABELS = Path(__file__).parents[2] / "models" / "earshot-default" / "1" / "assets" / "labels.csv"


def make_event(
    label: str = "Smoke alarm",
    device: str = "kitchen",
    ago_s: float = 10,
    lasts_s: float | None = None,
    **fields: Any,
) -> SoundEvent:
    """An event that began some seconds ago; its session an hour before that of the newest one.

    Args:
        label: What it is.
        device: Who heard it.
        ago_s: When it began.
        lasts_s: How long it was; None: it lasts.
        **fields: Any others of SoundEvent.
    """
    now_ns = time.time_ns()
    onset_at_ns = now_ns - int(ago_s * SECOND_NS)
    known_s = 0.96 if lasts_s is None else lasts_s
    onset_sample = int((86_400 - ago_s) * 16_000)
    event = SoundEvent(
        event_id=event_id(device, SESSION, label, onset_sample + now_ns % 15_000),
        revision=1,
        state=EventState.STARTED if lasts_s is None else EventState.ENDED,
        device_id=device,
        session_id=SESSION,
        site="home",
        label=label,
        category="safety",
        priority="critical",
        onset_sample=onset_sample,
        offset_sample=onset_sample + int(known_s * 16_000),
        onset_at_ns=onset_at_ns,
        offset_at_ns=onset_at_ns + int(known_s * SECOND_NS),
        peak_score=0.94,
        mean_score=0.81,
        level_dbfs=-21.4,
        models=(EMBEDDER, MODEL),
        taxonomy_hash="9a31c04be52d",
        end_reason=EndReason.NONE if lasts_s is None else EndReason.QUIET,
    )
    return replace(event, **fields)


def revised(event: SoundEvent, lasts_s: float, *, is_over: bool = False) -> SoundEvent:
    """The next revision of an event: it goes on, or is over."""
    return replace(
        event,
        revision=event.revision + 1,
        state=EventState.ENDED if is_over else EventState.UPDATED,
        offset_sample=event.onset_sample + int(lasts_s * 16_000),
        offset_at_ns=event.onset_at_ns + int(lasts_s * SECOND_NS),
        end_reason=EndReason.QUIET if is_over else EndReason.NONE,
    )


@cache
def _classes() -> dict[str, int]:
    with LABELS.open(newline="") as file:
        return {row["display_name"]: int(row["index"]) for row in csv.DictReader(file)}


def prediction(
    device: str,
    sequence: int,
    scores: Mapping[str, float],
    level_dbfs: float = -30.0,
    num_patches: int = 1,
    age_s: float = 0.5,
) -> Prediction:
    """What the classifier says of some patches, by names of the model's classes.

    Args:
        device: Who heard it.
        sequence: 0, 1, 2 … of the device; each message as long as this one.
        scores: Of the classes that are not near 0.
        level_dbfs: RMS of each patch.
        num_patches: Patches of 0.96 s; 0 for a device that sends no sound.
        age_s: How long ago the message's first sample was captured.
    """
    patch = np.full(len(_classes()), 0.004, np.float16)
    for name, score in scores.items():
        patch[_classes()[name]] = score
    patches = np.tile(patch, (num_patches, 1))
    header = Header(
        device,
        HEARD_SESSION,
        sequence,
        first_sample=sequence * PATCH_SAMPLES * max(num_patches, 1),
        captured_at_ns=time.time_ns() - int(age_s * SECOND_NS),
        flags=Flags.NONE,
    )
    return Prediction(
        header=header,
        model=MODEL,
        scores=patches,
        patch_scores=patches,
        codes=np.zeros((num_patches, CODE_BYTES), np.uint8),
        level_dbfs=np.full(num_patches, level_dbfs, np.float32),
        embedder=EMBEDDER,
    )
