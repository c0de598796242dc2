"""Every stream of the system, in the order a sound travels.

    capture ──AUDIO──► features ──EMBEDDINGS──► classifier ──PREDICTIONS──► notifier ──EVENTS──► you

Budget shares follow the bytes of one patch: 31 kB of sound, 1.4 kB of codes with context, 2.3 kB of
scores (527 classes, twice, float16). A budget is a loss policy: see docs/architecture.md.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from earshot.events import cloud_event
from earshot.events.errors import BadEvent
from earshot.events.event import SoundEvent
from earshot.streams.entry import Entry
from earshot.streams.errors import BadMessage
from earshot.streams.topic import Topic

if TYPE_CHECKING:
    from earshot.contracts.messages import AudioChunk, Embeddings, Prediction


def _convert(name: str) -> Callable[[Any], Any]:
    """A function of `contracts.convert`, found at its first call.

    Those who read events alone, and they are most, need neither numpy nor protobuf.
    """

    def call(value: Any) -> Any:
        return getattr(import_module("earshot.contracts.convert"), name)(value)

    return call


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
    "audio", _convert("encode_audio"), _convert("decode_audio"), owner="features", budget_share=0.8
)
EMBEDDINGS: Topic[Embeddings] = Topic(
    "embeddings",
    _convert("encode_embeddings"),
    _convert("decode_embeddings"),
    owner="classifier",
    budget_share=0.08,
    carries_context=True,
)
PREDICTIONS: Topic[Prediction] = Topic(
    "predictions",
    _convert("encode_prediction"),
    _convert("decode_prediction"),
    owner="notifier",
    budget_share=0.12,
)
EVENTS: Topic[SoundEvent] = Topic("events", encode_event, decode_event, partitioned=False)
