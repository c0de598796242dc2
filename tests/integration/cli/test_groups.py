"""`earshot groups` as a process, against a real broker."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import pytest

from earshot.embedded_broker import EmbeddedBroker, free_port
from earshot.events.event import SoundEvent
from earshot.streams.port import Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import EVENTS, PREDICTIONS
from tests.integration.api.live_feed import Writer
from tests.integration.cli.conftest import WITHIN_S

Groups: TypeAlias = Callable[..., tuple[int, str, str]]
MakeEvent = Callable[..., SoundEvent]


@pytest.fixture
def groups(
    earshot_process: Callable[..., subprocess.Popen[str]],
    broker: EmbeddedBroker,
    redis_streams: RedisStreams,
) -> Groups:
    """Runs `earshot groups …` to its end: exit code, standard output, standard error."""

    def run(*words: str, **environment: str) -> tuple[int, str, str]:
        variables = {
            "EARSHOT_REDIS_URL": broker.url,
            "EARSHOT_KEY_PREFIX": redis_streams.policy.key_prefix,
            "EARSHOT_PARTITIONS": str(redis_streams.policy.partitions),
        }
        process = earshot_process("groups", *words, **variables | environment)
        out, errors = process.communicate(timeout=WITHIN_S)
        assert "Traceback" not in errors
        return process.returncode, out, errors

    return run


def abandon(streams: RedisStreams, group: str) -> None:
    """Reads one event for a group, acknowledges nothing and never comes back."""
    reader = streams.reader(Stage(EVENTS, group), 0, f"{group}-1")
    reader.join()
    reader.read(1, 0)


def test_groups_are_listed_with_what_they_were_trimmed_past(
    groups: Groups, redis_streams: RedisStreams, writer: Writer, sound_event: MakeEvent
) -> None:
    assert groups() == (0, "", "earshot: no groups: nothing has read a stream yet\n")
    redis_streams.reader(Stage(PREDICTIONS, "notifier"), 0, "n").join()
    writer.write(*[sound_event(onset_s=n) for n in range(3)])
    abandon(redis_streams, "lamp")
    redis_streams.policy = replace(redis_streams.policy, guest_retention_s=-1)
    assert redis_streams.reader(Stage(EVENTS, ""), 0, "relay").tend().trimmed == 3
    writer.write(sound_event(onset_s=9))

    code, out, errors = groups("--help")
    assert (code, "list" in out, "drop" in out) == (0, True, True)
    code, out, errors = groups("list", "--json")
    notifier, lamp = map(json.loads, out.splitlines())
    assert (code, errors) == (0, "")
    assert (notifier["stream"], notifier["group"], notifier["role"]) == (
        "predictions",
        "notifier",
        "owner",
    )
    assert 0 <= lamp.pop("idle_s") < WITHIN_S
    assert lamp == {
        "stream": "events",
        "group": "lamp",
        "role": "guest",
        "consumers": 1,
        "pending": 1,
        "lag": 1,
        "trimmed_past": 3,
    }
    code, out, errors = groups()
    heading, owner, guest = out.splitlines()
    assert heading.startswith("STREAM       GROUP     ROLE ")
    assert owner.split() == ["predictions", "notifier", "owner", "0", "0", "0", "-", "0"]
    assert guest.split()[:6] == ["events", "lamp", "guest", "1", "1", "1"]


def test_a_guest_is_dropped_and_an_owner_is_not(
    groups: Groups, redis_streams: RedisStreams, writer: Writer, sound_event: MakeEvent
) -> None:
    writer.write(sound_event(), sound_event(onset_s=5))
    abandon(redis_streams, "lamp")
    code, out, errors = groups("drop", "events", "lamp")
    assert (code, out) == (0, "")
    assert errors == "earshot: lamp is dropped from events, with 1 pending and 1 unread\n"
    assert redis_streams.groups(EVENTS, 0) == []
    again = redis_streams.reader(Stage(EVENTS, "lamp"), 0, "new")
    again.join()
    assert len(again.read(10, 0)) == 2

    redis_streams.reader(Stage(PREDICTIONS, "notifier"), 0, "n").join()
    code, out, errors = groups("drop", "predictions", "notifier")
    assert (code, out) == (2, "")
    assert errors.startswith("earshot: notifier is the owner of predictions and is not dropped")
    assert [each.name for each in redis_streams.groups(PREDICTIONS, 0)] == ["notifier"]
    code, _, errors = groups("drop", "events", "lampe")
    assert (code, errors) == (
        2,
        "earshot: there is no group 'lampe' on events; did you mean 'lamp'?\n",
    )


def test_no_broker_is_one_sentence(groups: Groups, tmp_path: str) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    for words in ((), ("drop", "events", "lamp")):
        code, out, errors = groups(*words, EARSHOT_REDIS_URL=url)
        assert (code, out) == (1, "")
        assert errors.startswith("earshot: the broker does not answer: ")
        assert len(errors.splitlines()) == 1
    code, _, errors = groups(EARSHOT_REDIS_URL="", EARSHOT_DATA_DIR=str(tmp_path))
    assert code == 1
    assert errors.startswith("earshot: no system to ask: start one with `earshot up`")
