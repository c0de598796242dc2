"""What comes too late is not stored: only the holder of the newest epoch commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import Engine

from earshot.store.devices import get_device
from earshot.store.engine import writing
from earshot.store.errors import LeaseLost, StoreUnavailable
from earshot.store.ledger import Ledger
from earshot.store.progress import NO_SEQUENCE
from earshot.store.tables import leases
from tests.integration.store.contending import KEY, Contender
from tests.integration.store.making import event, step


def test_nothing_of_the_old_holder_is_stored_after_a_take_over(
    engine: Engine, one: Contender, other: Contender
) -> None:
    one.lease.try_acquire()
    one.ledger.commit([step(to=5)], [])
    writer = one.ledger.writer()
    other.take_over()
    other.ledger.commit([step(previous=5, to=6)], [event("Cat")])

    # Where the session stands does not matter: it need not be a conflict.
    for previous in (5, 6):
        with pytest.raises(LeaseLost, match="epoch 1 is lost, other has that of epoch 2"):
            one.ledger.commit([step("hall"), step(previous=previous, to=9)], [event()])
    with pytest.raises(LeaseLost):
        one.ledger.writer(renew=True)

    assert other.ledger.progress([KEY])[KEY].last_sequence == 6
    assert other.ledger.last_position() == 1
    assert get_device(engine, "hall") is None
    assert other.ledger.writer() == writer


def test_nothing_is_stored_without_a_lease(engine: Engine, one: Contender) -> None:
    with pytest.raises(LeaseLost, match="not held"):
        one.ledger.commit([step()], [])
    one.lease.try_acquire()
    with writing(engine) as connection:
        connection.execute(leases.delete())

    with pytest.raises(LeaseLost, match="nobody has that of epoch 0"):
        one.ledger.commit([step()], [])

    assert one.ledger.progress([KEY]) == {}


def test_contenders_commit_one_after_the_other_in_the_order_of_their_epochs(
    engine: Engine,
) -> None:
    taken: list[int] = []
    committed: list[tuple[int, int]] = []  # sequence, epoch

    def contend(name: str) -> None:
        contender = Contender(engine, name)
        for _ in range(8):
            # Whoever takes over may end another's transaction, whatever became of it by then.
            with suppress(LeaseLost, StoreUnavailable):
                work(contender)
            contender.lease.drop()

    def work(contender: Contender) -> None:
        acquired = contender.take_over()
        if acquired is None:
            return
        taken.append(acquired.epoch)
        for _ in range(3):
            stored = contender.ledger.progress([KEY]).get(KEY)
            last = stored.last_sequence if stored else NO_SEQUENCE
            revised = [event(onset_s=last + 1)]
            contender.ledger.commit([step(previous=last, to=last + 1)], revised)
            committed.append((last + 1, acquired.epoch))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(contend, ["a", "b", "c", "d"]))

    assert len(taken) == len(set(taken))
    assert committed
    sequences, epochs = zip(*sorted(committed), strict=True)
    assert len(sequences) == len(set(sequences))
    assert list(epochs) == sorted(epochs)
    ledger = Ledger(engine, 3)
    assert ledger.last_position() == ledger.progress([KEY])[KEY].last_sequence + 1
    assert ledger.last_position() >= len(committed)
