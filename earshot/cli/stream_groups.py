"""The consumer groups of all streams of the system, partitions put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from earshot.cli.errors import CliError
from earshot.events.hint import did_you_mean
from earshot.streams.groups import GroupState
from earshot.streams.port import Streams
from earshot.streams.topic import Topic
from earshot.topics import AUDIO, EMBEDDINGS, EVENTS, PREDICTIONS

TOPICS: tuple[Topic[Any], ...] = (AUDIO, EMBEDDINGS, PREDICTIONS, EVENTS)


class CannotDrop(CliError):
    """The group is not there, or must stay."""


@dataclass(frozen=True, slots=True)
class StandingGroup:
    """A group of a stream, over all partitions.

    Attributes:
        stream: Name of the stream.
        group: The group.
        is_owner: Whether it is the system's own, for which entries are kept until it is done.
        num_consumers: Processes that read for it.
        pending: Entries delivered and not acknowledged.
        lag: Entries not delivered yet.
        idle_s: Since a consumer last asked for entries; None without a consumer.
        trimmed_past: Entries that were removed before it was done with them.
    """

    stream: str
    group: str
    is_owner: bool
    num_consumers: int
    pending: int
    lag: int
    idle_s: float | None
    trimmed_past: int


def standing_groups(streams: Streams) -> list[StandingGroup]:
    """Returns every group, in the order a sound travels; a stream's owner comes first."""
    found = (_groups_of(streams, topic) for topic in TOPICS)
    return [group for groups in found for group in groups]


def drop_group(streams: Streams, stream: str, group: str) -> StandingGroup:
    """Drops a guest's group from every partition; returns how it stood.

    Raises:
        CannotDrop: There is no such stream or group, or the group is the stream's owner.
    """
    names = [topic.name for topic in TOPICS]
    if stream not in names:
        hint = did_you_mean(stream, names) or f"; there are {', '.join(names)}"
        raise CannotDrop(f"there is no stream {stream[:80]!r}{hint}")
    topic = TOPICS[names.index(stream)]
    if group == topic.owner:
        raise CannotDrop(
            f"{group} is the owner of {stream} and is not dropped: "
            "it is the system itself that reads through it"
        )
    known = {each.group: each for each in _groups_of(streams, topic)}
    if group not in known:
        hint = did_you_mean(group, known) or "; `earshot groups` lists them"
        raise CannotDrop(f"there is no group {group[:80]!r} on {stream}{hint}")
    for partition in _partitions(streams, topic):
        streams.drop_group(topic, partition, group)
    return known[group]


def _groups_of(streams: Streams, topic: Topic[Any]) -> list[StandingGroup]:
    by_name: dict[str, list[GroupState]] = {}
    for partition in _partitions(streams, topic):
        for state in streams.groups(topic, partition):
            by_name.setdefault(state.name, []).append(state)
    found = [_together(topic, name, states) for name, states in sorted(by_name.items())]
    return sorted(found, key=lambda group: not group.is_owner)


def _together(topic: Topic[Any], name: str, states: Sequence[GroupState]) -> StandingGroup:
    idle = [state.idle_s for state in states if state.idle_s is not None]
    return StandingGroup(
        stream=topic.name,
        group=name,
        is_owner=name == topic.owner,
        num_consumers=len({consumer for state in states for consumer in state.consumers}),
        pending=sum(state.pending for state in states),
        lag=sum(state.unread for state in states),
        idle_s=min(idle, default=None),
        trimmed_past=sum(state.trimmed_past for state in states),
    )


def _partitions(streams: Streams, topic: Topic[Any]) -> range:
    return range(streams.partitions if topic.partitioned else 1)
