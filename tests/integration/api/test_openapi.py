"""The OpenAPI document: complete, with examples, and true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from earshot.events.event import SoundEvent

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]
RANGE = "?from=2026-05-01T00:00:00Z&to=2026-05-01T00:01:00Z"
OPEN_TO_ALL = {"/", "/healthz", "/readyz", "/v1/session"}


@pytest.fixture
def document(client: httpx.Client) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json())


@pytest.fixture
def event(commit: Commit, sound_event: MakeEvent) -> SoundEvent:
    commit([sound_event(onset_s=second) for second in range(2)])
    return sound_event()


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


def _validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]})


def _schema(document: dict[str, Any], path: str, status: str) -> dict[str, Any]:
    contents = document["paths"][path]["get"]["responses"][status]["content"]
    kind = "application/json" if status == "200" else "application/problem+json"
    return dict(contents[kind]["schema"])


def test_version_is_3_1_when_read(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")


def test_every_operation_and_parameter_is_described_when_read(document: dict[str, Any]) -> None:
    for path, operation in _operations(document):
        assert operation["description"], path
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])


def test_every_property_is_described_when_its_name_does_not_say_all(
    document: dict[str, Any],
) -> None:
    for name in ("Event", "EventPage", "EventHistory", "Device", "DevicePage", "Problem"):
        for field, schema in document["components"]["schemas"][name]["properties"].items():
            assert schema["description"], (name, field)


def test_every_schema_has_an_example_that_fits_it(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        (example,) = schema["examples"]
        _validator(document, {"$ref": f"#/components/schemas/{name}"}).validate(example)


def test_every_operation_says_which_scopes_it_needs(document: dict[str, Any]) -> None:
    for path, operation in _operations(document):
        scopes = [scope for each in operation.get("security", []) for scope in each["token"]]
        assert bool(scopes) == (path not in OPEN_TO_ALL), path
    paths = document["paths"]
    assert paths["/v1/events"]["get"]["security"] == [{"token": ["read"]}]
    assert paths["/v1/audit"]["get"]["security"] == [{"token": ["admin"]}]
    assert "operate" in paths["/v1/devices/{device_id}"]["put"]["security"][0]["token"]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_error_is_declared_as_a_problem(document: dict[str, Any]) -> None:
    for path, operation in _operations(document):
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                assert list(response["content"]) == ["application/problem+json"], (path, status)
    lists = document["paths"]["/v1/events"]["get"]["responses"]
    assert set(lists) == {"200", "400", "401", "403", "406", "422", "429", "503"}


@pytest.mark.parametrize(
    ("path", "rest", "status"),
    [
        ("/", "", "200"),
        ("/healthz", "", "200"),
        ("/readyz", "", "200"),
        ("/v1/events", "", "200"),
        ("/v1/events", "?limit=1", "200"),
        ("/v1/events", "?limit=x", "422"),
        ("/v1/events", "?cursor=x", "400"),
        ("/v1/events/{event_id}", "", "200"),
        ("/v1/events/{event_id}", "x", "404"),
        ("/v1/events/{event_id}/explain", "", "200"),
        ("/v1/labels", "", "200"),
        ("/v1/scenes", "", "200"),
        ("/v1/stats", "", "200"),
        ("/v1/stats", "?zone=Mars", "422"),
        ("/v1/devices", "", "200"),
        ("/v1/devices/{device_id}", "", "200"),
        ("/v1/devices/{device_id}", "x", "404"),
        ("/v1/devices/{device_id}/scores", RANGE, "503"),
        ("/v1/devices/{device_id}/scores", f"{RANGE}&label=x", "422"),
    ],
)
def test_body_fits_the_declared_schema_when_answered(
    client: httpx.Client, event: SoundEvent, path: str, rest: str, status: str
) -> None:
    answer = client.get(path.format(event_id=event.event_id, device_id=event.device_id) + rest)
    document = client.get("/openapi.json").json()
    assert str(answer.status_code) == status
    _validator(document, _schema(document, path, status)).validate(answer.json())
