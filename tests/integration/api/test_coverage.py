"""Coverage of a device over HTTP."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Engine

from earshot.events.stretch import Coverage, Stretch
from earshot.events.timeline import MAX_STRETCHES
from earshot.store.ledger import Ledger
from earshot.store.progress import NO_SEQUENCE, Progress, Step
from tests.integration.api.conftest import MIDNIGHT_NS, SECOND_NS, SESSION

PATH = "/v1/devices/kitchen/coverage"
HOUR = "from=2026-05-01T00:00:00Z&to=2026-05-01T01:00:00Z"


def of(begin_s: float, end_s: float, kind: Coverage = Coverage.HEARD, reason: str = "") -> Stretch:
    begin_ns, end_ns = (MIDNIGHT_NS + int(second * SECOND_NS) for second in (begin_s, end_s))
    return Stretch(begin_ns, end_ns, kind, reason, then="stopped")


def hear(engine: Engine, *stretches: Stretch) -> None:
    """Stores stretches as a notifier would."""
    key = ("kitchen", SESSION)
    step = Step(key, NO_SEQUENCE, Progress(0, {}), MIDNIGHT_NS, covered=stretches)
    Ledger(engine, partition=0).commit([step], [])


def total_s(answer: dict[str, Any]) -> float:
    return sum(answer[f"{kind}_s"] for kind in ("heard", "silent", "lost", "unknown"))


def length_s(answer: dict[str, Any]) -> float:
    begin, end = (datetime.fromisoformat(answer[name]) for name in ("from", "to"))
    return (end - begin).total_seconds()


def test_what_was_heard_and_what_was_not_adds_up(client: httpx.Client, engine: Engine) -> None:
    lost = of(1800, 1801.5, Coverage.LOST, "overflow")
    hear(engine, of(0, 1800), lost, of(1801.5, 2000, Coverage.SILENT), of(2600, 3000))

    answer = client.get(f"{PATH}?{HOUR}").json()

    assert (answer["heard_s"], answer["silent_s"]) == (2200.0, 198.5)
    assert (answer["lost_s"], answer["unknown_s"]) == (1.5, 1200.0)
    assert answer["reasons"] == {"overflow": 1.5, "stopped": 1200.0}
    assert answer["resolution_s"] == 0
    assert total_s(answer) == length_s(answer) == 3600
    assert answer["stretches"][1] == {
        "from": "2026-05-01T00:30:00.000000Z",
        "to": "2026-05-01T00:30:01.500000Z",
        "kind": "lost",
        "reason": "overflow",
    }
    kinds = [each["kind"] for each in answer["stretches"]]
    assert kinds == ["heard", "lost", "silent", "absent", "heard", "absent"]
    assert {one["to"] == other["from"] for one, other in pairwise(answer["stretches"])} == {True}


def test_the_last_day_is_shown_when_no_time_is_given(client: httpx.Client, engine: Engine) -> None:
    hear(engine, of(0, 60))

    answer = client.get(PATH).json()

    assert length_s(answer) == 86_400
    assert answer["reasons"] == {"stopped": 86_400.0}


def test_a_day_that_flaps_is_drawn_coarser(client: httpx.Client, engine: Engine) -> None:
    hear(engine, *(of(second, second + 0.5) for second in range(3600)))

    answer = client.get(f"{PATH}?{HOUR}").json()

    assert len(answer["stretches"]) <= MAX_STRETCHES
    assert answer["resolution_s"] == 1.8
    assert answer["heard_s"] == total_s(answer) / 2 == 1800


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z", 422, "from must be earlier than to"),
        ("from=2026-05-01T00:00:00Z&to=2026-06-05T00:00:00Z", 422, "by 31 days at most"),
        ("from=1969-12-31T00:00:00Z&to=1970-01-01T00:00:00Z", 422, "1970 to 2262"),
        ("from=2262-12-31T00:00:00Z&to=2263-01-01T00:00:00Z", 422, "1970 to 2262"),
        ("from=yesterday", 422, "must be an RFC 3339 time"),
        ("form=2026-05-01T00:00:00Z", 422, "there is no query parameter 'form'"),
    ],
)
def test_a_span_that_cannot_be_is_refused(
    client: httpx.Client, engine: Engine, query: str, status: int, said: str
) -> None:
    hear(engine, of(0, 60))
    answer = client.get(f"{PATH}?{query}")
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text


@pytest.mark.parametrize("device_id", ["hall", "%00", "x" * 128])
def test_a_device_that_is_not_registered_has_none(client: httpx.Client, device_id: str) -> None:
    answer = client.get(f"/v1/devices/{device_id}/coverage")
    assert answer.status_code == 404
    assert "is registered" in answer.json()["detail"]


def test_the_answer_is_as_declared(client: httpx.Client, engine: Engine) -> None:
    hear(engine, of(0, 60), of(60, 70, Coverage.LOST, "gap"))
    document = client.get("/openapi.json").json()
    route = document["paths"]["/v1/devices/{device_id}/coverage"]["get"]
    schema = route["responses"]["200"]["content"]["application/json"]["schema"]

    answer = client.get(f"{PATH}?{HOUR}").json()

    validator = Draft202012Validator({**schema, "components": document["components"]})
    validator.validate(answer)
    names = {parameter["name"] for parameter in route["parameters"]}
    assert names == {"device_id", "from", "to"}
    properties = document["components"]["schemas"]["DeviceCoverage"]["properties"]
    assert list(properties) == list(answer)
