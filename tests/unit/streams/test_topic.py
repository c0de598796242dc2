from __future__ import annotations

import re

import pytest

from earshot.streams.topic import Keys, partition_of
from earshot.topics import AUDIO, EMBEDDINGS, EVENTS, PREDICTIONS


def slot_text(key: str) -> str:
    """What Redis Cluster hashes: the first non-empty {…}, else the whole key."""
    tag = re.search(r"\{(.+?)\}", key)
    return tag[1] if tag else key


def every_key(keys: Keys) -> list[str]:
    return [
        keys.stream,
        keys.totals,
        keys.dead,
        keys.last("d", "s"),
        keys.state("g", "d", "s"),
        keys.parked("g"),
        keys.attempts("g"),
        keys.position("w"),
    ]


def test_all_keys_of_a_partition_share_one_slot_over_all_topics() -> None:
    keys = [Keys.of(topic, 7, "earshot:v1") for topic in (AUDIO, EMBEDDINGS, PREDICTIONS)]
    assert {slot_text(key) for each in keys for key in every_key(each)} == {"p07"}
    assert len({key for each in keys for key in every_key(each)}) == 3 * 8 - 2  # one dead stream


def test_the_keys_beside_the_events_stream_land_on_its_slot() -> None:
    keys = Keys.of(EVENTS, 3, "earshot:v1")
    assert keys.stream == "earshot:v1:events"
    assert {slot_text(key) for key in every_key(keys)} == {"earshot:v1:events"}


def test_streams_have_the_names_that_the_docs_say() -> None:
    assert Keys.of(AUDIO, 0, "earshot:v1").stream == "earshot:v1:{p00}:audio"
    assert Keys.of(AUDIO, 0, "earshot:v1").dead == "earshot:v1:{p00}:dead"


@pytest.mark.parametrize(("device_id", "partition"), [("kitchen-1", 2), ("street", 3), ("dév", 0)])
def test_a_device_never_changes_its_partition(device_id: str, partition: int) -> None:
    # Fixed for ever: another hash would split the sessions of a running deployment.
    assert partition_of(device_id, 4) == partition


def test_devices_spread_over_the_partitions() -> None:
    counts = [0] * 4
    for number in range(4_000):
        counts[partition_of(f"device-{number}", 4)] += 1
    assert min(counts) > 900
