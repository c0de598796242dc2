"""Kept patches on both databases: as they were put, whichever way they were cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, event, select

from earshot.store.device_changes import put_device
from earshot.store.devices import Registration
from earshot.store.engine import open_engine, reading, writing
from earshot.store.errors import LedgerConflict
from earshot.store.kept_embeddings import MINUTE_NS, KeptPatches, keep_patches, kept_patches
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.tables import embeddings
from tests.integration.store.making import step

HOP, HOP_NS = 15_360, 960_000_000
BEGAN_NS = 30_000_000 * MINUTE_NS + 40 * 1_000_000_000
ALWAYS = (0, 2**63 - 1)


def patches(first: int, count: int, device: str = "kitchen", **fields: Any) -> KeptPatches:
    """So many patches of a session, from one number on; what they hold tells them apart."""
    numbers = np.arange(first, first + count, dtype=np.int64)
    random = np.random.default_rng(first)
    values = {
        "device_id": device,
        "session_id": "01J",
        "model": "toy@1",
        "embedder": "ears@1",
        "embedding_space": "space",
        "at_ns": BEGAN_NS + numbers * HOP_NS,
        "first_samples": numbers * HOP,
        "codes": random.integers(0, 256, (count, 128)).astype(np.uint8),
        "levels_dbfs": (-20 - numbers / 7).astype(np.float32),
    }
    return KeptPatches(**(values | fields))


def joined(*parts: KeptPatches) -> KeptPatches:
    arrays = ("at_ns", "first_samples", "codes", "levels_dbfs")
    together = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    return replace(parts[0], **together)


def cut(whole: KeptPatches, begin: int, end: int) -> KeptPatches:
    arrays = ("at_ns", "first_samples", "codes", "levels_dbfs")
    return replace(whole, **{name: getattr(whole, name)[begin:end] for name in arrays})


def said(found: list[KeptPatches]) -> list[tuple[Any, ...]]:
    return [
        (
            *(each.device_id, each.session_id, each.model, each.embedder, each.embedding_space),
            *(each.at_ns.tolist(), each.first_samples.tolist()),
            *(each.codes.tolist(), each.levels_dbfs.tolist()),
        )
        for each in found
    ]


def kept(engine: Engine, device: str = "kitchen", between: tuple[int, int] = ALWAYS) -> list[Any]:
    with reading(engine) as connection:
        return said(kept_patches(connection, device, *between))


def keep(engine: Engine, *heard: KeptPatches) -> None:
    with writing(engine) as connection:
        keep_patches(connection, heard)


@pytest.fixture(autouse=True)
def registered(engine: Engine) -> None:
    for device in ("kitchen", "hall"):
        put_device(engine, device, Registration(), "me")


@pytest.mark.parametrize("size", [1, 7, 50, 150])
def test_patches_come_back_however_they_were_cut(engine: Engine, size: int) -> None:
    whole = patches(0, 150)

    for begin in range(0, 150, size):
        keep(engine, cut(whole, begin, begin + size))

    assert kept(engine) == said([whole])
    with reading(engine) as connection:
        rows = connection.execute(select(embeddings).order_by(embeddings.c.minute_at_ns)).all()
    assert [row.num_patches for row in rows] == [21, 63, 62, 4]  # from second 40 of a minute on
    assert [row.minute_at_ns % MINUTE_NS for row in rows] == [0] * 4
    assert rows[1].first_at_ns == BEGAN_NS + 21 * HOP_NS


def test_one_transaction_takes_many_parts_of_many_devices(engine: Engine) -> None:
    kitchen, hall = patches(0, 90), patches(300, 60, "hall")

    keep(engine, *(cut(each, n, n + 1) for n in range(90) for each in (kitchen, hall)))

    assert kept(engine) == said([kitchen])
    assert kept(engine, "hall") == said([hall])
    assert kept(engine, "yard") == []


def test_only_what_begins_within_is_returned(engine: Engine) -> None:
    whole = patches(0, 200)
    keep(engine, whole)

    for begin, end in ((0, 1), (20, 22), (21, 84), (60, 200), (199, 200)):
        between = (int(whole.at_ns[begin]), int(whole.at_ns[end - 1]) + 1)
        assert kept(engine, between=between) == said([cut(whole, begin, end)])
    first, last = int(whole.at_ns[0]), int(whole.at_ns[-1])
    for nothing in (
        (0, first),
        (last + 1, 2**63 - 1),
        (first, first),
        (last, first),
        (-(2**63), -1),
    ):
        assert kept(engine, between=nothing) == []


def test_a_gap_shows_in_the_samples(engine: Engine) -> None:
    before, after = patches(0, 5), patches(12, 5)
    keep(engine, before)
    keep(engine, after)

    assert kept(engine) == said([joined(before, after)])


def test_sessions_and_models_are_kept_apart(engine: Engine) -> None:
    first, other_model = patches(0, 4), patches(4, 4, model="toy@2")
    other_session = patches(8, 4, session_id="01K")
    other_embedder = patches(200, 4, embedder="ears@2")
    keep(engine, other_session, other_embedder, other_model, first)

    expected = [first, other_model, other_session, other_embedder]
    assert kept(engine) == said(expected)


def test_a_clock_that_is_corrected_moves_patches_by_no_more_than_that(engine: Engine) -> None:
    whole = patches(0, 150)
    drifting = replace(whole, at_ns=whole.at_ns + np.arange(150) * 100_000)
    for begin in range(150):
        keep(engine, cut(drifting, begin, begin + 1))

    with reading(engine) as connection:
        (found,) = kept_patches(connection, "kitchen", *ALWAYS)
    assert found.first_samples.tolist() == whole.first_samples.tolist()
    assert np.abs(found.at_ns - drifting.at_ns).max() < 63 * 100_000


@pytest.mark.parametrize(
    ("policy", "is_kept"),
    [
        ({}, True),
        ({"keep_embeddings": True}, True),
        ({"keep_embeddings": None}, True),
        ({"keep_embeddings": False}, False),
        ({"keep_embeddings": "no"}, False),
        ({"keep_embeddings": []}, False),
        ({"keep": {"hours": 24}}, True),
    ],
)
def test_a_policy_may_say_that_nothing_is_kept(
    engine: Engine, policy: dict[str, Any], is_kept: bool
) -> None:
    put_device(engine, "kitchen", Registration(policy=policy), "me")

    keep(engine, patches(0, 3), patches(0, 3, "hall"))

    assert bool(kept(engine)) == is_kept
    assert kept(engine, "hall")


def test_a_batch_keeps_its_patches_or_is_not_there_at_all(engine: Engine) -> None:
    ledger = Ledger(engine, 0)
    ledger.commit([step("yard")], [], [patches(0, 3, "yard")])

    with pytest.raises(LedgerConflict):
        ledger.commit([step("yard")], [], [patches(3, 3, "yard")])

    assert kept(engine, "yard") == said([patches(0, 3, "yard")])


def test_nothing_is_read_from_end_to_end_on_sqlite(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'earshot.db'}")
    migrate(engine)
    executed: list[tuple[str, Any]] = []

    def remember(_a: object, _b: object, statement: str, parameters: Any, *_: object) -> None:
        executed.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", remember)
    Ledger(engine, 0).commit([step()], [], [patches(0, 3)])
    kept(engine, between=(BEGAN_NS, BEGAN_NS + MINUTE_NS))
    event.remove(engine, "before_cursor_execute", remember)

    plans = []
    with reading(engine) as connection:
        for statement, parameters in executed:
            one = parameters[0] if isinstance(parameters, list) else parameters
            if statement.startswith("SELECT"):
                found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one)
                plans += [row.detail for row in found]
    engine.dispose()
    assert any("SEARCH embeddings USING INDEX sqlite_autoindex_embeddings_1" in p for p in plans)
    assert not [plan for plan in plans if plan.startswith(("SCAN embeddings", "SCAN devices"))]
