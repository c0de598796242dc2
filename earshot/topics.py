"""Every stream of the system, in the order a sound travels.

    capture ──AUDIO──► features ──EMBEDDINGS──► classifier ──PREDICTIONS──► notifier ──EVENTS──► you

Budget shares follow the bytes of one patch: 31 kB of sound, 1.4 kB of codes with context, 2.3 kB of
scores (527 classes, twice, float16). A budget is a loss policy: see docs/architecture.md.
"""

from __future__ import annotations

from earshot.contracts import convert
from earshot.contracts.messages import AudioChunk, Embeddings, Prediction
from earshot.events import cloud_event
from earshot.events.errors import BadEvent
from earshot.events.event import SoundEvent
from earshot.streams.entry import Entry
from earshot.streams.errors import BadMessage
from earshot.streams.topic import Topic


def encode_event(event: SoundEvent) -> Entry:
    """Returns a revision as the events stream holds it: its sequence is the revision."""
    return Entry(
        device_id=event.device_id,
        session_id=event.session_id,
        sequence=event.revision,
        flags=frozenset({event.state.value}),
        body=cloud_event.encode(event).encode(),
    )


def decode_event(entry: Entry) -> SoundEvent:
    """Returns the revision an entry holds. Raises BadMessage when it holds none."""
    try:
        return cloud_event.decode(entry.body)
    except BadEvent as error:
        raise BadMessage(str(error)) from error


AUDIO: Topic[AudioChunk] = Topic(
    "audio", convert.encode_audio, convert.decode_audio, owner="features", budget_share=0.8
)
EMBEDDINGS: Topic[Embeddings] = Topic(
    "embeddings",
    convert.encode_embeddings,
    convert.decode_embeddings,
    owner="classifier",
    budget_share=0.08,
    carries_context=True,
)
PREDICTIONS: Topic[Prediction] = Topic(
    "predictions",
    convert.encode_prediction,
    convert.decode_prediction,
    owner="notifier",
    budget_share=0.12,
)
EVENTS: Topic[SoundEvent] = Topic("events", encode_event, decode_event, partitioned=False)
