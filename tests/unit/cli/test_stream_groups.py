"""Groups of all streams, over partitions, and their table."""

from __future__ import annotations

import json

import pytest

from earshot.cli.group_table import json_lines, table_of
from earshot.cli.stream_groups import CannotDrop, StandingGroup, drop_group, standing_groups
from earshot.streams.entry import Entry
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.port import Stage
from earshot.topics import AUDIO, EVENTS

NOW_S = 1_000.0


@pytest.fixture
def streams() -> MemoryStreams:
    """Two partitions of audio with an entry of six devices, and three groups; a guest of events."""
    streams = MemoryStreams(Policy(partitions=2), clock=lambda: NOW_S)
    for device in ("attic", "cellar", "garden", "hall", "kitchen", "porch"):
        streams.append(AUDIO, Entry(device, "s", 0, body=b"x"))
    for group in ("zebra", "features", "archive"):
        for partition in range(2):
            reader = streams.reader(Stage(AUDIO, group), partition, f"{group}-1")
            reader.join()
            if group == "features":
                reader.read(1, 0)
    streams.reader(Stage(EVENTS, "lamp"), 0, "lamp-1").join()
    return streams


def test_the_owner_comes_first_and_partitions_count_together(streams: MemoryStreams) -> None:
    owner, *guests = standing_groups(streams)
    assert owner == StandingGroup("audio", "features", True, 1, 2, 4, 0.0, 0)
    assert [(each.stream, each.group, each.is_owner) for each in guests] == [
        ("audio", "archive", False),
        ("audio", "zebra", False),
        ("events", "lamp", False),
    ]
    assert guests[0] == StandingGroup("audio", "archive", False, 0, 0, 6, None, 0)


def test_a_guest_is_dropped_from_every_partition(streams: MemoryStreams) -> None:
    dropped = drop_group(streams, "audio", "zebra")
    assert dropped.lag == 6
    assert [each.group for each in standing_groups(streams)] == ["features", "archive", "lamp"]


@pytest.mark.parametrize(
    ("stream", "group", "sentence"),
    [
        ("audio", "features", "features is the owner of audio and is not dropped"),
        ("audio", "zebr", "there is no group 'zebr' on audio; did you mean 'zebra'?"),
        ("events", "x", "there is no group 'x' on events; `earshot groups` lists them"),
        ("evnts", "lamp", "there is no stream 'evnts'; did you mean 'events'?"),
        ("y", "lamp", "there is no stream 'y'; there are audio, embeddings, predictions, events"),
    ],
)
def test_what_cannot_be_dropped_is_said(
    streams: MemoryStreams, stream: str, group: str, sentence: str
) -> None:
    before = standing_groups(streams)
    with pytest.raises(CannotDrop) as caught:
        drop_group(streams, stream, group)
    assert str(caught.value).startswith(sentence)
    assert standing_groups(streams) == before


def test_a_line_says_how_a_group_stands() -> None:
    groups = [
        StandingGroup("audio", "features", True, 2, 3, 4, 1.5, 0),
        StandingGroup("events", "my\nlamp", False, 0, 0, 17, None, 40),
    ]
    heading, owner, guest = table_of(groups, NOW_S).splitlines()
    assert heading.split("  ")[0] == "STREAM"
    assert owner.split()[:6] == ["audio", "features", "owner", "2", "3", "4"]
    assert guest.split() == ["events", "my?lamp", "guest", "0", "0", "17", "-", "40"]
    assert [json.loads(line)["group"] for line in json_lines(groups).splitlines()] == [
        "features",
        "my\nlamp",
    ]
