"""Log lines: one JSON object each, from our code and from libraries alike."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog

from earshot.observability import configure_logging
from earshot.settings import ObservabilitySettings


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []  # configure_logging closes those it finds; pytest needs its own again
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def stream() -> io.StringIO:
    stream = io.StringIO()
    configure_logging("features", ObservabilitySettings(log_level="info"), stream)
    return stream


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_line_is_one_json_object_when_our_code_logs(stream: io.StringIO) -> None:
    structlog.get_logger("earshot.x").info("chunk dropped", reason="full", num_samples=240)
    (line,) = _lines(stream)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "event": "chunk dropped",
        "reason": "full",
        "num_samples": 240,
        "service": "features",
        "logger": "earshot.x",
        "level": "info",
    }


def test_line_has_the_same_form_when_a_library_logs(stream: io.StringIO) -> None:
    logging.getLogger("library").error("broken %s", "pipe")
    (line,) = _lines(stream)
    assert (line["event"], line["service"], line["level"]) == ("broken pipe", "features", "error")


def test_traceback_is_part_of_the_object_when_an_exception_is_logged(stream: io.StringIO) -> None:
    try:
        raise ValueError("of\nseveral lines")
    except ValueError:
        structlog.get_logger("earshot.x").exception("failed")
    (line,) = _lines(stream)
    assert "ValueError: of\nseveral lines" in str(line["exception"])


def test_warning_becomes_a_line_when_a_library_warns(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert "DeprecationWarning: old" in str(_lines(stream)[0]["event"])


def test_nothing_is_written_when_the_level_is_lower(stream: io.StringIO) -> None:
    structlog.get_logger("earshot.x").debug("detail")
    assert stream.getvalue() == ""


def test_line_is_for_people_when_the_format_is_console() -> None:
    stream = io.StringIO()
    configure_logging("api", ObservabilitySettings(log_format="console"), stream)
    structlog.get_logger("earshot.x").warning("slow", wait_s=2)
    assert "slow" in stream.getvalue()
    assert "wait_s=2" in stream.getvalue()
