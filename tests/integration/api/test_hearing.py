"""What is heard now, asked for over real sockets, with predictions on a real broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker
from earshot.store.device_changes import put_device
from earshot.store.device_state import DeviceState
from earshot.store.devices import Registration
from earshot.streams.redis_streams import RedisStreams
from tests.integration.api.hearing_bench import CLASSES, Device, Server, serving, write_bundle
from tests.integration.api.live_feed import wait_until

NAMED = {"Traffic noise": 0.125}


@pytest.fixture
def labels_file(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "models", *CLASSES)


@pytest.fixture
def device(redis_streams: RedisStreams, engine: Engine, labels_file: Path) -> Device:
    return Device(redis_streams, engine, labels_file)


@pytest.fixture
def server(engine: Engine, redis_streams: RedisStreams, labels_file: Path) -> Iterator[Server]:
    with serving(engine, redis_streams, labels_file.parents[3]) as running:
        yield running


def by_label(told: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {each["label"]: (each["standing"], each["sentence"]) for each in told["labels"]}


def wait_for(server: Server, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Waits until what is told of the kitchen is so."""
    told: list[dict[str, Any]] = []

    def look() -> bool:
        told[:] = server.get("?device=kitchen").json()["devices"]
        return bool(told) and is_so(told[0])

    wait_until(look, "what is heard")
    return told[0]


def test_what_was_predicted_is_told(server: Server, device: Device) -> None:
    device.hear(Speech=0.75, Bark=0.375, **NAMED)
    told = server.device()
    assert [(each["class_name"], each["score"]) for each in told["top"][:3]] == [
        ("Speech", 0.75),
        ("Bark", 0.375),
        ("Traffic noise", 0.125),
    ]
    assert (told["state"], told["level_dbfs"], told["model"]) == ("hearing", -31.2, "toy@1")
    assert told["at"] == told["labels_at"] == "2026-05-01T00:00:00.960000Z"
    assert by_label(told) == {
        "Siren": ("quiet", "0.00, needs 0.50"),
        "Dog": ("below", "0.38, needs 0.50"),
        "Music": ("quiet", "0.00, needs 0.50"),
    }
    assert told["scene"]["sentence"] == "heard 1 s of the 3 s it takes to tell a scene"
    assert told["note"] == ""


def test_an_event_is_the_one_that_was_committed(server: Server, device: Device) -> None:
    device.append(Siren=0.75, Music=0.75)
    started = {event.label: event for event in device.commit()}
    told = server.device()
    labels = {each["label"]: each for each in told["labels"]}
    assert labels["Siren"]["standing"] == "running"
    assert labels["Siren"]["event_id"] == started["Siren"].event_id
    assert labels["Siren"]["since"] == "2026-05-01T00:00:00.000000Z"
    assert (labels["Music"]["standing"], labels["Music"]["sentence"]) == (
        "masked",
        "masked by Siren",
    )
    assert labels["Music"]["suppressed_by"] == started["Siren"].event_id


def test_labels_stay_at_what_was_committed_while_the_notifier_is_behind(
    server: Server, device: Device
) -> None:
    device.hear(Dog=0.75)
    assert by_label(server.device())["Dog"][0] == "running"
    for _ in range(12):
        device.append(Speech=0.5)
    told = wait_for(server, lambda told: told["note"] == "the notifier is 12 messages behind")
    assert by_label(told)["Dog"][0] == "running"
    assert told["labels_at"] < told["at"]
    assert told["top"][0]["class_name"] == "Speech"
    device.commit()
    told = wait_for(server, lambda told: told["note"] == "")
    assert by_label(told)["Dog"][0] == "quiet"
    assert told["labels_at"] == told["at"]


def test_labels_are_unknown_until_something_was_committed(server: Server, device: Device) -> None:
    device.append(Dog=0.75)
    told = server.device()
    assert (told["labels"], told["labels_at"]) == ([], None)
    assert told["note"] == "the notifier has taken in nothing of this session yet"
    assert told["top"][0]["class_name"] == "Dog"


def test_the_registry_says_where_a_device_stands(
    server: Server, device: Device, engine: Engine
) -> None:
    said = Registration("home", ("indoor",))
    put_device(engine, "kitchen", said, "local")
    device.hear(Dog=0.75)
    told = server.device()
    assert (told["site"], told["tags"]) == ("home", ["indoor"])
    put_device(engine, "kitchen", replace(said, state=DeviceState.DISABLED), "local")
    told = wait_for(server, lambda told: told["labels"] == [])
    assert told["note"] == "the device is disabled: nothing it hears becomes an event"


def test_a_model_whose_labels_are_not_here_is_named(
    server: Server, device: Device, labels_file: Path
) -> None:
    labels_file.unlink()
    device.hear(Dog=0.75)
    told = server.device()
    assert (told["top"], told["level_dbfs"]) == ([], -31.2)
    assert told["note"].startswith("model toy@1: ")
    assert "labels.csv: cannot be read" in told["note"]


def test_devices_come_in_the_order_of_their_ids_and_up_to_the_limit(
    server: Server, redis_streams: RedisStreams, engine: Engine, labels_file: Path
) -> None:
    for name in ("c", "a", "b"):
        Device(redis_streams, engine, labels_file, name).hear(Dog=0.75)
    answer = server.get("?limit=2").json()
    assert [each["device_id"] for each in answer["devices"]] == ["a", "b"]
    assert [each["device_id"] for each in answer["last"]] == ["b", "a"]
    answer = server.get("?device=c&device=nobody").json()
    assert [each["device_id"] for each in answer["devices"]] == ["c"]


def test_the_last_ten_predictions_are_told_newest_first(server: Server, device: Device) -> None:
    for count in range(12):
        device.append(Dog=count / 16)
    last = server.get().json()["last"]
    assert [each["top"][0]["score"] for each in last] == [count / 16 for count in range(11, 1, -1)]
    assert last[0]["at"] == "2026-05-01T00:00:11.520000Z"


def test_following_stops_when_nobody_asks_and_begins_anew(
    engine: Engine, redis_streams: RedisStreams, labels_file: Path, device: Device
) -> None:
    with serving(engine, redis_streams, labels_file.parents[3], idle_s=2.0) as server:
        assert server.metric("following") == 0
        device.hear(Dog=0.75)
        wait_for(server, lambda told: told["top"][0]["class_name"] == "Dog")
        assert server.metric("following") == 1
        wait_until(lambda: server.metric("following") == 0, "an end")
        device.hear(Speech=0.75)
        wait_for(server, lambda told: told["top"][0]["class_name"] == "Speech")


def test_a_broker_that_is_away_is_a_problem(
    own_broker: EmbeddedBroker, redis_streams: RedisStreams, engine: Engine, labels_file: Path
) -> None:
    streams = RedisStreams(own_broker.url, redis_streams.policy)
    try:
        with serving(engine, streams, labels_file.parents[3]) as server:
            assert server.get().json() == {"devices": [], "last": []}
            own_broker.kill()
            wait_until(lambda: server.get().status_code == 503, "a problem")
            problem = server.get()
            assert problem.headers["content-type"] == "application/problem+json"
            assert problem.json()["detail"].startswith("the broker does not answer")
            own_broker.start()
            wait_until(lambda: server.get().status_code == 200, "an answer")
            Device(streams, engine, labels_file).hear(Dog=0.75)
            wait_for(server, lambda told: told["top"][0]["class_name"] == "Dog")
    finally:
        streams.close()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"?device={'x' * 10_000}", "device"),
        ("?device=a/b", "device"),
        ("?limit=0", "limit"),
        ("?limit=201", "limit"),
        ("?limt=2", "did you mean limit?"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(server: Server, query: str, said: str) -> None:
    refused = server.get(query)
    assert refused.status_code == 422
    assert said in refused.json()["detail"]


def test_only_what_is_offered_is_answered(server: Server) -> None:
    assert server.get(Accept="image/png").status_code == 406
    assert server.get(Accept="*/*").headers["content-type"] == "application/json"


def test_an_api_without_a_broker_names_the_setting(client: httpx.Client) -> None:
    refused = client.get("/v1/hearing")
    assert refused.status_code == 503
    assert "EARSHOT_REDIS_URL" in refused.json()["detail"]
