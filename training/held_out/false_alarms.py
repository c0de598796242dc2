"""False alarms: events of the safety labels in an hour of sound that holds none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.contracts.messages import Flags, Header
from earshot.events.event import EventState
from earshot.events.scores import Members, label_scores
from earshot.events.taxonomy import Taxonomy
from earshot.events.tracker import Tracker
from training.embedder import augmentation
from training.embedder.danger import is_harmless
from training.held_out.heard import Heard, Listener

HOUR_SAMPLES = 3_600 * SAMPLE_RATE_HZ


def measure(
    heard: Sequence[Heard], listener: Listener, taxonomy: Taxonomy, members: Members
) -> dict[str, Any]:
    """Returns how many events of category safety or impact the product would report in an hour.

    There is no hour of held-out sound: the harmless recordings are heard as they are, then again
    and again in new mixes of two at -18 to +6 dB until an hour is full. Each is a session.

    Args:
        heard: Held-out recordings; those that may hold a danger are left out.
        listener: Hears the mixes.
        taxonomy: The product's labels and thresholds.
        members: Of its labels among the bundle's classes.
    """
    harmless = [clip for clip in heard if is_harmless(clip.recording)]
    rng = np.random.default_rng(0)
    counts: Counter[str] = Counter()
    num_samples = 0
    pending = list(harmless)
    while num_samples < HOUR_SAMPLES:
        clip = pending.pop() if pending else _mix(harmless, listener, rng)
        num_samples += len(clip.patch_scores) * PATCH_HOP_SAMPLES
        counts.update(_events(clip, taxonomy, members))
    watched = [label for label in taxonomy.labels if label.category in ("safety", "impact")]
    return {
        "hours": round(num_samples / HOUR_SAMPLES, 2),
        "minutes_of_recordings": round(sum(len(c.pcm) for c in harmless) / SAMPLE_RATE_HZ / 60, 1),
        "events_per_hour": {
            label.name: round(counts[label.name] * HOUR_SAMPLES / num_samples, 1)
            for label in watched
        },
    }


def _mix(clips: Sequence[Heard], listener: Listener, rng: np.random.Generator) -> Heard:
    first, second = (clips[int(index)] for index in rng.integers(len(clips), size=2))
    length = max(len(first.pcm), len(second.pcm))
    mixed: NDArray[np.float32] = np.zeros(length, np.float32)
    for clip in (first, second):
        waveform = np.resize(clip.pcm, length).astype(np.float32)  # the shorter one repeats
        mixed += augmentation.gain(rng.uniform(-18, 6)) * waveform
    pcm = np.clip(np.rint(mixed), -32_768, 32_767).astype(np.int16)
    return listener.hear(first.recording, pcm)


def _events(clip: Heard, taxonomy: Taxonomy, members: Members) -> list[str]:
    """Returns the label of each event that starts in the clip."""
    header = Header("device", "session", sequence=0, flags=Flags.END_OF_SESSION)
    scores = label_scores(clip.patch_scores, members)
    levels = np.zeros(len(scores), np.float32)
    revisions = Tracker(taxonomy, "device", "session").advance(header, scores, levels)
    return [event.label for event in revisions if event.state is EventState.STARTED]
