"""The registry of devices on both databases: what is said of them, changed and found again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from earshot.store.audit import list_audit
from earshot.store.device_changes import change_device, put_device, remove_device
from earshot.store.device_state import DeviceState
from earshot.store.devices import (
    REGISTERED,
    DeviceFilter,
    Registration,
    get_device,
    list_devices,
)
from earshot.store.engine import reading
from earshot.store.errors import BadQuery, NoSuchDevice, OutdatedVersion, StateChanged
from earshot.store.ledger import Ledger
from earshot.store.places import Place, stored_places
from earshot.store.tables import events
from tests.integration.store.making import event, step

SAID = Registration("home", ("indoor", "Küche_1"), {"keep": {"hours": 24}}, DeviceState.DISABLED)
REMOVED = DeviceFilter(states=(DeviceState.REMOVED,))


def ids(engine: Engine, **asked: object) -> list[str]:
    return [device.id for device in list_devices(engine, DeviceFilter(**asked))]  # type: ignore[arg-type]


def log(engine: Engine) -> list[tuple[str, str, str]]:
    return [(each.who, each.action, each.subject) for each in list_audit(engine)][::-1]


def test_a_device_is_as_it_was_put(engine: Engine) -> None:
    device, is_new = put_device(engine, "kitchen", SAID, "me")

    assert (device.registration, is_new) == (SAID, True)
    assert get_device(engine, "kitchen") == device
    assert log(engine) == [("me", "device.create", "kitchen")]


def test_a_put_that_says_the_same_changes_nothing(engine: Engine) -> None:
    device, _ = put_device(engine, "kitchen", SAID, "me")

    assert put_device(engine, "kitchen", SAID, "me") == (device, False)
    assert len(log(engine)) == 1


def test_what_is_said_leaves_alone_what_was_heard(engine: Engine) -> None:
    Ledger(engine, 0).commit([step(heard_at_ns=7)], [])

    device, is_new = put_device(engine, "kitchen", SAID, "me")

    assert not is_new
    assert get_device(engine, "kitchen") == device
    assert (device.first_seen_at_ns, device.last_heard_at_ns) == (7, 7)
    assert list_audit(engine)[0].detail["site"] == "home"


def test_a_change_that_fails_changes_and_logs_nothing(engine: Engine) -> None:
    put_device(engine, "kitchen", SAID, "me")

    def change(said: Registration) -> Registration:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_device(engine, "kitchen", change, "me")
    device = get_device(engine, "kitchen")
    assert device is not None
    assert device.registration == SAID
    assert len(log(engine)) == 1


def test_a_change_of_another_version_is_refused(engine: Engine) -> None:
    device, _ = put_device(engine, "kitchen", SAID, "me")
    here, there = replace(SAID, site="here"), replace(SAID, site="there")
    put_device(engine, "kitchen", here, "me", device.version)

    with pytest.raises(OutdatedVersion):
        put_device(engine, "kitchen", there, "you", device.version)
    with pytest.raises(OutdatedVersion):
        change_device(engine, "kitchen", lambda _: there, "you", device.version)
    with pytest.raises(OutdatedVersion):
        remove_device(engine, "kitchen", "you", device.version)
    with pytest.raises(OutdatedVersion):
        put_device(engine, "nobody", there, "you", "*")
    assert ids(engine, sites=("here",)) == ["kitchen"]
    assert len(log(engine)) == 2


def test_being_heard_is_no_other_version(engine: Engine) -> None:
    device, _ = put_device(engine, "kitchen", Registration("home"), "me")
    Ledger(engine, 0).commit([step()], [])

    heard = get_device(engine, "kitchen")

    assert heard is not None
    assert heard.last_heard_at_ns > 0
    assert heard.version == device.version


def test_what_was_removed_is_gone_but_for_its_events(engine: Engine) -> None:
    put_device(engine, "kitchen", replace(SAID, state=DeviceState.ACTIVE), "me")
    Ledger(engine, 0).commit([step()], [event()])

    remove_device(engine, "kitchen", "me")

    assert get_device(engine, "kitchen") is None
    assert list_devices(engine) == ()
    (device,) = list_devices(engine, REMOVED)
    assert device.registration == Registration(state=DeviceState.REMOVED)
    with reading(engine) as connection:
        assert len(connection.execute(select(events)).all()) == 1
    with pytest.raises(NoSuchDevice):
        remove_device(engine, "kitchen", "me")
    with pytest.raises(NoSuchDevice):
        change_device(engine, "kitchen", lambda said: said, "me")
    assert log(engine)[1:] == [("me", "device.remove", "kitchen")]


def test_a_removed_device_that_is_put_is_new(engine: Engine) -> None:
    Ledger(engine, 0).commit([step()], [])
    remove_device(engine, "kitchen", "me")

    device, is_new = put_device(engine, "kitchen", Registration(), "me")

    assert is_new
    assert device.last_heard_at_ns == 0
    assert get_device(engine, "kitchen") == device


def test_devices_are_found_by_what_is_said_of_them(engine: Engine) -> None:
    put_device(engine, "attic", Registration("home", ("dry", "100%")), "me")
    put_device(engine, "barn", Registration("farm", ("dry",), state=DeviceState.DISABLED), "me")
    put_device(engine, "cellar", Registration("Home_2"), "me")

    assert ids(engine) == ["attic", "barn", "cellar"]
    assert ids(engine, sites=("home", "farm")) == ["attic", "barn"]
    assert ids(engine, sites=("",)) == []
    assert ids(engine, tags=("dry",)) == ["attic", "barn"]
    assert ids(engine, tags=("dr",)) == []
    assert ids(engine, tags=("100%", "wet")) == ["attic"]
    assert ids(engine, states=(DeviceState.DISABLED,)) == ["barn"]
    assert ids(engine, text="HOME") == ["attic", "cellar"]
    assert ids(engine, text="0%") == ["attic"]
    assert ids(engine, text="e_2") == ["cellar"]
    assert ids(engine, text="ar") == ["barn", "cellar"]
    assert ids(engine, text="'; DROP TABLE devices;--") == []
    assert ids(engine, tags=("dry",), text="b", states=REGISTERED) == ["barn"]


def test_devices_that_fell_silent_are_found(engine: Engine) -> None:
    put_device(engine, "never", Registration(), "me")
    Ledger(engine, 0).commit([step("early", heard_at_ns=5), step("late", heard_at_ns=9)], [])

    assert ids(engine, last_heard_before_ns=9) == ["early", "never"]
    assert ids(engine, last_heard_before_ns=2**63 - 1) == ["early", "late", "never"]


def test_devices_come_in_pages(engine: Engine) -> None:
    for name in ("kitchen", "hall"):
        put_device(engine, name, Registration(), "me")

    assert [device.id for device in list_devices(engine, limit=1)] == ["hall"]
    assert [device.id for device in list_devices(engine, after="hall")] == ["kitchen"]


def test_what_no_database_can_hold_is_refused_or_not_there(engine: Engine) -> None:
    assert get_device(engine, "nul\x00") is None
    for filters in ({"sites": ("\x00",)}, {"text": "\x00"}, {"last_heard_before_ns": 2**63}):
        with pytest.raises(BadQuery):
            ids(engine, **filters)
    with pytest.raises(BadQuery):
        list_devices(engine, after="\x00")
    with pytest.raises(BadQuery, match="allowed: 1 to 1000"):
        list_devices(engine, limit=1001)


def test_a_batch_is_not_stored_when_a_device_was_disabled_meanwhile(engine: Engine) -> None:
    ledger = Ledger(engine, 0)
    ledger.commit([step()], [])
    put_device(engine, "kitchen", SAID, "me")
    refused = replace(step(previous=0, to=1), device_state=DeviceState.DISABLED, is_refused=True)

    with pytest.raises(StateChanged, match="kitchen is disabled, no longer active"):
        ledger.commit([step(previous=0, to=1)], [event()])
    ledger.commit([refused], [])

    assert ledger.progress([("kitchen", "01J")])["kitchen", "01J"].last_sequence == 1


def test_a_removed_device_that_is_heard_is_registered_again(engine: Engine) -> None:
    ledger = Ledger(engine, 0)
    ledger.commit([step()], [])
    remove_device(engine, "kitchen", "me")

    found = replace(step(previous=0, to=1, heard_at_ns=9), device_state=DeviceState.REMOVED)
    ledger.commit([found], [])

    device = get_device(engine, "kitchen")
    assert device is not None
    assert device.registration == Registration()
    assert device.first_seen_at_ns == 9


def test_a_removed_device_whose_sound_is_refused_stays_removed(engine: Engine) -> None:
    ledger = Ledger(engine, 0)
    ledger.commit([step()], [])
    remove_device(engine, "kitchen", "me")

    found = replace(step(previous=0, to=1, heard_at_ns=0), device_state=DeviceState.REMOVED)
    ledger.commit([replace(found, is_refused=True)], [])

    assert get_device(engine, "kitchen") is None
    with reading(engine) as connection:
        places = stored_places(connection, ["kitchen", "nobody"])
    assert places == {"kitchen": Place(state=DeviceState.REMOVED, is_unheard=True)}
