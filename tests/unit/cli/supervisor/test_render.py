from __future__ import annotations

import json
from datetime import UTC, datetime

from earshot.cli.supervisor.render import LEVEL_COLOURS, NAME_COLOURS, render

NOW = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)


def line(**fields: object) -> str:
    return json.dumps({"service": "features", "logger": "x", "level": "info", **fields})


def test_a_json_line_becomes_time_name_event_and_details() -> None:
    text = render(
        "features-2", line(event="ready", timestamp="2026-05-01T09:10:11.5Z", port=7), NOW
    )
    assert text == "09:10:11 features-2    ready  port=7"


def test_the_level_is_shown_when_it_is_not_info() -> None:
    assert render("api", line(event="odd", level="warning"), NOW).endswith("  warning  odd")


def test_values_are_quoted_when_they_are_more_than_a_word() -> None:
    text = render("api", line(event="e", a="two words", b="one", c=None, d=""), NOW)
    assert text.endswith("a='two words' b=one c=null d=''")


def test_a_line_that_is_no_json_is_shown_as_it_is() -> None:
    assert render("broker", "{half a line", NOW) == "12:00:00 broker        {half a line"


def test_a_traceback_follows_line_by_line() -> None:
    lines = render("api", line(event="failed", exception="Traceback:\n  boom"), NOW).splitlines()
    assert [text.strip() for text in lines[1:]] == ["Traceback:", "boom"]
    assert lines[2].startswith(" " * 23)


def test_control_characters_do_not_reach_the_terminal() -> None:
    evil = "\x1b[2J\x9b\u202e"
    shown = [
        render("api", line(event=evil, level="error"), NOW),
        render("api", line(event="e", key=evil), NOW),
        render("api", line(**{"event": "e", evil: [evil]}), NOW),
        render("api", line(event="e", level=evil), NOW),
        render("api", evil, NOW),
    ]
    assert not [c for text in shown for c in text if not c.isprintable()]


def test_colours_are_there_only_when_asked_for() -> None:
    plain = render("api", line(event="e", level="error", a=1), NOW)
    coloured = render("api", line(event="e", level="error", a=1), NOW, NAME_COLOURS[0])
    assert "\x1b" not in plain
    assert NAME_COLOURS[0] in coloured
    assert LEVEL_COLOURS["error"] in coloured
