"""`earshot devices` as a process, against a real api."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from earshot.embedded_broker import free_port
from earshot.events.event import SoundEvent
from earshot.store.audit import list_audit
from tests.integration.api.live_feed import Server, serving
from tests.integration.cli.conftest import WITHIN_S

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def server(engine: Engine) -> Iterator[Server]:
    with serving(engine, None) as running:
        yield running


@pytest.fixture
def devices(earshot_process: Callable[..., subprocess.Popen[str]], server: Server) -> Run:
    """Runs `earshot devices` to its end: exit code, standard output, standard error."""

    def run(*words: str) -> tuple[int, str, str]:
        process = earshot_process("devices", *words, EARSHOT_API_URL=server.url, TZ="UTC")
        out, errors = process.communicate(timeout=WITHIN_S)
        assert "Traceback" not in errors
        return process.returncode, out, errors

    return run


def test_a_device_is_registered_changed_and_removed(devices: Run, engine: Engine) -> None:
    code, out, errors = devices("set", "yard", "--site", "farm", "--tag", "wet", "--tag", "cold")
    assert (code, errors) == (0, "earshot: yard is newly registered\n")
    assert out.splitlines() == [
        "DEVICE  STATE   SITE  TAGS       LAST HEARD",
        "yard    active  farm  wet, cold  never",
    ]

    code, out, _ = devices(
        "set", "yard", "--untag", "wet", "--tag", "dry", "--state", "disabled", "--json"
    )
    changed = json.loads(out)
    assert (changed["site"], changed["tags"]) == ("farm", ["cold", "dry"])
    assert changed["state"] == "disabled"

    assert devices("remove", "yard") == (0, "", "earshot: yard is removed\n")
    code, _, errors = devices("show", "yard")
    assert code == 2
    assert "answers 404: no device with the id 'yard' is registered" in errors
    verbs = [each.action for each in list_audit(engine)][::-1]
    assert verbs == ["device.create", "device.update", "device.remove"]


def test_devices_are_listed_with_and_without_the_word(
    devices: Run,
    commit: Callable[[list[SoundEvent]], None],
    sound_event: Callable[..., SoundEvent],
) -> None:
    assert devices() == (0, "", "earshot: no devices\n")
    commit([sound_event("kitchen", onset_s=8), sound_event("hall", onset_s=9)])
    code, out, _ = devices()
    assert out.splitlines() == [
        "DEVICE   STATE   SITE  TAGS  LAST HEARD",
        "hall     active  -     -     2026-05-01 00:00:11",
        "kitchen  active  -     -     2026-05-01 00:00:10",
    ]
    code, out, _ = devices("list", "--text", "KIT", "--json")
    assert (code, json.loads(out)["id"]) == (0, "kitchen")


def test_what_was_heard_of_a_device_is_drawn(
    devices: Run,
    commit: Callable[[list[SoundEvent]], None],
    sound_event: Callable[..., SoundEvent],
) -> None:
    commit([sound_event("kitchen")])

    code, out, errors = devices("coverage", "kitchen", "--since", "2h")
    assert (code, errors) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("kitchen, ")
    assert ". absent    2:00:00  100.0 %" in lines
    assert "not heard: no_source 2:00:00" in lines
    assert lines[-2].endswith("  " + 60 * ".")

    code, out, _ = devices("coverage", "kitchen", "--json")
    assert (code, json.loads(out)["reasons"]) == (0, {"no_source": 86_400.0})
    code, _, errors = devices("coverage", "kitchen", "--since", "9w")
    assert (code, "by 31 days at most" in errors) == (2, True)
    code, _, errors = devices("coverage", "kitchen", "--since", "soon")
    assert (code, "'soon'" in errors) == (2, True)


def test_what_cannot_be_is_said_in_one_line(
    devices: Run, earshot_process: Callable[..., subprocess.Popen[str]]
) -> None:
    code, _, errors = devices("set", "a/b")
    assert code == 2
    assert "'a/b': 1 to 128 letters" in errors
    code, _, errors = devices("set", "yard", "--tag", "")
    assert code == 2
    assert "body member tags[0]=''" in errors
    nobody = f"http://127.0.0.1:{free_port()}"
    process = earshot_process("devices", EARSHOT_API_URL=nobody)
    _, errors = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 1
    assert errors.startswith(f"earshot: the API at {nobody} does not answer")
