from __future__ import annotations

import time

import pytest
from sqlalchemy import Engine

from earshot.store.audit import list_audit, record
from earshot.store.engine import writing
from earshot.store.errors import BadQuery


def write(engine: Engine, *subjects: str) -> None:
    with writing(engine) as connection:
        for subject in subjects:
            record(connection, "local", "device.update", subject, {"site": "höme", "n": [1]})


def test_changes_are_listed_newest_first_with_all_that_was_recorded(engine: Engine) -> None:
    before_ns = time.time_ns()
    write(engine, "kitchen", "hall")

    newest, oldest = list_audit(engine)

    assert (newest.subject, oldest.subject) == ("hall", "kitchen")
    assert newest.id > oldest.id
    assert before_ns <= oldest.at_ns <= newest.at_ns <= time.time_ns()
    assert (newest.who, newest.action) == ("local", "device.update")
    assert newest.detail == {"site": "höme", "n": [1]}


def test_a_change_that_failed_is_not_in_the_log(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as connection:
            record(connection, "local", "device.update", "kitchen", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list_audit(engine) == ()


def test_pages_show_every_change_once(engine: Engine) -> None:
    write(engine, *"abcde")

    seen: list[str] = []
    before_id = None
    while page := list_audit(engine, 2, before_id):
        seen += [entry.subject for entry in page]
        before_id = page[-1].id
        write(engine, "later")

    assert seen == [*"edcba"]


@pytest.mark.parametrize(("limit", "before_id"), [(0, None), (1001, None), (1, -1), (1, 2**63)])
def test_a_page_that_makes_no_sense_is_refused(
    engine: Engine, limit: int, before_id: int | None
) -> None:
    with pytest.raises(BadQuery):
        list_audit(engine, limit, before_id)
