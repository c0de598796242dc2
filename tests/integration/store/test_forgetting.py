"""A device is forgotten on both databases: all of it, nothing else, and positions go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select

from earshot.store import forgetting
from earshot.store.audit import list_audit
from earshot.store.device_changes import put_device, remove_device
from earshot.store.devices import Registration, get_device
from earshot.store.engine import open_engine, reading, writing
from earshot.store.errors import LedgerConflict, NoSuchDevice
from earshot.store.forgetting import Forgotten
from earshot.store.forgetting import forget_device as forget_within
from earshot.store.kept_embeddings import MINUTE_NS
from earshot.store.lease import Lease
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.tables import coverage, embeddings, metadata
from tests.integration.store.making import event, step

OF_A_DEVICE = ("events", "revisions", "embeddings", "coverage", "sessions", "devices")


def hear(engine: Engine, device: str, num_events: int = 2, partition: int = 0) -> Ledger:
    """Something in each table."""
    ledger = Ledger(engine, partition)
    ledger.commit([step(device)], [event(device=device, onset_s=n) for n in range(num_events)])
    minute = {
        **{"device_id": device, "session_id": "01J", "model": "m", "embedder": "e"},
        **{"embedding_space": "x", "num_patches": 1, "first_at_ns": 0},
        **{"codes": b"codes", "levels": b"", "samples": b""},
    }
    stretch = {
        **{"device_id": device, "session_id": "01J", "begin_at_ns": 0, "end_at_ns": 1},
        **{"coverage": "heard", "reason": "", "then_reason": ""},
    }
    with writing(engine) as connection:
        rows = [{**minute, "minute_at_ns": n * MINUTE_NS} for n in range(3)]
        connection.execute(insert(embeddings), rows)
        connection.execute(insert(coverage), [stretch])
    return ledger


def forget_device(engine: Engine, device: str, who: str, within_s: float = 60.0) -> Forgotten:
    return forget_within(engine, device, who, within_s)


def counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return {
            name: connection.execute(
                select(func.count()).select_from(metadata.tables[name])
            ).scalar_one()
            for name in OF_A_DEVICE
        }


ONE_DEVICE = {"events": 2, "revisions": 2, "embeddings": 3, "coverage": 1, "sessions": 1}


def test_all_of_a_device_goes_and_nothing_of_another(engine: Engine) -> None:
    hear(engine, "hall")
    hear(engine, "kitchen")
    put_device(engine, "kitchen", Registration("home", ("indoor",)), "me")

    forgotten = forget_device(engine, "kitchen", "you")

    assert forgotten == Forgotten({**ONE_DEVICE, "devices": 1}, is_done=True)
    assert counts(engine) == {**ONE_DEVICE, "devices": 1}
    assert get_device(engine, "kitchen") is None
    newest = list_audit(engine)[0]
    assert (newest.who, newest.action, newest.subject) == ("you", "device.forget", "kitchen")
    assert newest.detail == {"deleted": forgotten.rows, "is_done": True}


def test_what_is_not_there_cannot_be_forgotten(engine: Engine) -> None:
    hear(engine, "kitchen")
    forget_device(engine, "kitchen", "me")

    for device_id in ("kitchen", "nobody", "nul\x00"):
        with pytest.raises(NoSuchDevice):
            forget_device(engine, device_id, "me")


def test_a_device_that_was_removed_before_can_be_forgotten(engine: Engine) -> None:
    hear(engine, "kitchen")
    remove_device(engine, "kitchen", "me")

    assert forget_device(engine, "kitchen", "me").is_done

    assert not any(counts(engine).values())


def test_much_goes_in_parts_and_each_is_in_the_log(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "MAX_EVENTS", 4)
    monkeypatch.setattr(forgetting, "MAX_ROWS", 2)
    hear(engine, "kitchen", num_events=9)
    deleted: list[Forgotten] = []

    while not deleted or not deleted[-1].is_done:
        deleted.append(forget_device(engine, "kitchen", "me", within_s=0))

    assert [each.rows.get("events") for each in deleted] == [4, 4, 1, 0]
    assert [each.rows.get("embeddings") for each in deleted] == [None, None, 2, 1]
    assert not any(counts(engine).values())
    told = [each.detail for each in list_audit(engine)][::-1]
    assert told == [{"deleted": each.rows, "is_done": each.is_done} for each in deleted]


def test_one_call_does_it_all_when_there_is_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "MAX_EVENTS", 2)
    hear(engine, "kitchen", num_events=5)

    assert forget_device(engine, "kitchen", "me").rows["events"] == 5
    assert len(list_audit(engine)) == 1


def test_positions_go_on_behind_what_was_forgotten(engine: Engine) -> None:
    hear(engine, "hall")
    ledger = hear(engine, "kitchen", num_events=3)
    writer = ledger.writer()

    forget_device(engine, "kitchen", "me")

    assert (ledger.last_position(), ledger.writer()) == (5, writer)
    ledger.commit([step("yard")], [event(device="yard")])
    assert [row.position for row in ledger.revisions(0, 10)] == [1, 2, 6]
    assert (ledger.last_position(), ledger.writer()) == (6, writer)
    assert ledger.writer(renew=True) != writer
    assert ledger.last_position() == 6


def test_positions_go_on_when_nothing_at_all_is_left(engine: Engine) -> None:
    ledger = hear(engine, "kitchen", num_events=3)
    forget_device(engine, "kitchen", "me")

    assert ledger.last_position() == 3
    writer = ledger.writer()
    hear(engine, "kitchen", num_events=1)
    forget_device(engine, "kitchen", "me")

    assert (ledger.last_position(), ledger.writer()) == (4, writer)
    assert Ledger(engine, 1).last_position() == 0


def test_a_notifier_that_had_it_in_memory_reads_again(engine: Engine) -> None:
    lease = Lease(engine, 0, "notifier", lease_s=60)
    lease.try_acquire()
    ledger = Ledger(engine, 0, lease)
    ledger.commit([step()], [event()])

    forget_device(engine, "kitchen", "me")

    with pytest.raises(LedgerConflict, match="session kitchen/01J stands at -1, not at 0"):
        ledger.commit([step(previous=0, to=1)], [event("Cat")])
    ledger.commit([step(to=1)], [event("Cat")])
    assert counts(engine)["events"] == 1


def test_sqlite_overwrites_what_it_deletes(tmp_path: Path) -> None:
    file = tmp_path / "earshot.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    hear(engine, "kitchen-with-a-name")
    event_id = event(device="kitchen-with-a-name", onset_s=0).event_id

    forget_device(engine, "kitchen-with-a-name", "me")
    engine.dispose()  # which checkpoints the log

    assert event_id.encode() not in file.read_bytes()
