"""Each example runs as it is shown."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from earshot.events.event import EventState, SoundEvent, event_id
from earshot.streams.memory_streams import MemoryStreams
from earshot.topics import EVENTS, encode_event

EXAMPLES = Path(__file__).parents[2] / "examples"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def event(label: str, score: float) -> SoundEvent:
    return SoundEvent(
        event_id=event_id("porch", "s", label, 0),
        revision=1,
        state=EventState.STARTED,
        device_id="porch",
        session_id="s",
        site="",
        label=label,
        category="",
        priority="",
        onset_sample=0,
        offset_sample=15_360,
        onset_at_ns=0,
        offset_at_ns=960_000_000,
        peak_score=score,
        mean_score=score,
        level_dbfs=-20.0,
    )


def test_the_bark_lamp_blinks_for_loud_enough_dogs(capsys: pytest.CaptureFixture[str]) -> None:
    streams = MemoryStreams()
    heard = [event("Dog", 0.91), event("Dog", 0.2), event("Music", 0.99)]
    streams.relay(EVENTS, "test", 1, [encode_event(each) for each in heard])
    load("01_bark_lamp").bark_lamp.run_until_idle(streams)
    assert capsys.readouterr().out == "blink: porch 0.91\n"


def test_the_bark_lamp_is_a_function_too(capsys: pytest.CaptureFixture[str]) -> None:
    load("01_bark_lamp").bark_lamp(event("Dog", 0.7))
    assert capsys.readouterr().out == "blink: porch 0.70\n"
