"""What is kept of predictions: the newest, bounded, whatever arrives."""

from __future__ import annotations

from typing import Any

import numpy as np
from structlog.testing import capture_logs

from earshot.contracts.convert import encode_prediction
from earshot.contracts.messages import Flags, Header, Prediction, SourceState
from earshot.streams.entry import TOMBSTONE, Delivery, Entry
from services.api.heard import NUM_KEPT, NUM_LAST, Heard

BORN_NS = 1_777_593_600_000_000_000
HOP_NS = 960_000_000


def delivery(
    sequence: int = 0,
    *scores: float,
    device: str = "kitchen",
    session: str = "01J",
    level_dbfs: float = -30.0,
    **header: Any,
) -> Delivery:
    """An entry with a patch for each score, which is that of the first of two classes."""
    captured_at_ns = BORN_NS + sequence * HOP_NS
    place = Header(device, session, sequence, captured_at_ns=captured_at_ns, **header)
    by_class = np.array([[score, 0.0] for score in scores], np.float16).reshape(-1, 2)
    codes = np.zeros((len(scores), 128), np.uint8)
    levels = np.full(len(scores), level_dbfs, np.float32)
    prediction = Prediction(place, "toy@1", by_class, by_class, codes, levels)
    return Delivery(f"{sequence}-0", encode_prediction(prediction))


def sequences(heard: Heard, device_id: str = "kitchen") -> list[int]:
    device = heard.device(device_id)
    return [entry.sequence for entry in device.entries] if device else []


def test_the_newest_patch_is_kept() -> None:
    heard = Heard()
    heard.take([delivery(0, 0.25), delivery(1, 0.5, 0.75)])
    device = heard.device("kitchen")
    assert device is not None
    newest = device.newest
    assert newest.scores is not None
    assert newest.scores.tolist() == [0.75, 0.0]
    assert (newest.sequence, newest.model, newest.level_dbfs) == (1, "toy@1", -30.0)
    assert newest.at_ns == BORN_NS + 3 * HOP_NS
    assert newest.state == "hearing"


def test_the_newest_entries_of_a_session_are_kept_however_they_come() -> None:
    expected = list(range(40))[-NUM_KEPT:]
    for size in (1, 3, 40):
        heard = Heard()
        deliveries = [delivery(n, 0.5) for n in range(40)]
        for start in range(0, 40, size):
            heard.take(deliveries[start : start + size])
        assert sequences(heard) == expected


def test_a_new_session_begins_anew() -> None:
    heard = Heard()
    heard.take([delivery(7, 0.5), delivery(0, 0.5, session="01K")])
    assert sequences(heard) == [0]


def test_the_device_heard_least_lately_is_dropped() -> None:
    heard = Heard(max_devices=2)
    for device in ("a", "b", "a", "c"):
        heard.take([delivery(0, 0.5, device=device)])
    assert heard.device_ids() == ["a", "c"]
    assert heard.device("b") is None


def test_the_last_predictions_of_all_devices_are_kept() -> None:
    heard = Heard()
    for n in range(2 * NUM_LAST):
        heard.take([delivery(n, 0.5, device=f"d{n % 3}"), delivery(n, device="mute")])
    last = [(entry.device_id, entry.sequence) for entry in heard.last()]
    assert last == [(f"d{n % 3}", n) for n in range(2 * NUM_LAST - 1, NUM_LAST - 1, -1)]


def test_sources_say_how_they_are() -> None:
    stopped, paused = SourceState.STOPPED, SourceState.PAUSED
    for said, state in (
        (delivery(0, 0.5), "hearing"),
        (delivery(0, 0.5, flags=Flags.SILENT), "silent"),
        (delivery(0, source_state=paused), "silent"),
        (delivery(0, source_state=stopped), "away"),
        (delivery(0, 0.5, flags=Flags.END_OF_SESSION), "away"),
    ):
        heard = Heard()
        heard.take([said])
        device = heard.device("kitchen")
        assert device is not None
        assert device.newest.state == state


def test_a_tombstone_keeps_its_place_and_the_time() -> None:
    heard = Heard()
    lost = Entry("kitchen", "01J", 1, frozenset({TOMBSTONE, "gap"}))
    heard.take([delivery(0, 0.5), Delivery("1-0", lost)])
    device = heard.device("kitchen")
    assert device is not None
    assert (device.newest.sequence, device.newest.scores) == (1, None)
    assert device.newest.at_ns == BORN_NS + HOP_NS


def test_what_no_classifier_gives_is_passed_over_and_logged() -> None:
    heard = Heard()
    bad = [
        Delivery("1-0", Entry("kitchen", "01J", 0, body=b"\xff")),
        Delivery("2-0", None, "no fields"),
        delivery(0, 1.5),
        delivery(0, -0.5),
    ]
    with capture_logs() as logged:
        heard.take([*bad, delivery(0, 0.5, device="hall")])
    assert heard.device_ids() == ["hall"]
    assert [line["event"] for line in logged] == ["not a prediction"] * 3


def test_nothing_is_left_when_it_forgets() -> None:
    heard = Heard()
    heard.take([delivery(0, 0.5)])
    heard.forget()
    assert (heard.device_ids(), heard.last()) == ([], [])
