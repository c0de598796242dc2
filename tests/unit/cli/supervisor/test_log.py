from __future__ import annotations

import io
import json
import os

from earshot.cli.supervisor.log import MergedLog


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_json_lines_pass_through_with_the_name_of_the_process() -> None:
    out = io.StringIO()
    MergedLog(out, is_json=True).line("features-2", '{"event": "é", "service": "features"}')
    expected = {"process": "features-2", "event": "é", "service": "features"}
    assert json.loads(out.getvalue()) == expected


def test_other_lines_become_json_when_machines_read() -> None:
    out = io.StringIO()
    MergedLog(out, is_json=True).line("broker", "out of memory")
    assert json.loads(out.getvalue())["event"] == "out of memory"


def test_its_own_lines_have_the_same_form() -> None:
    out = io.StringIO()
    MergedLog(out, is_json=True).say("info", "started", process="api", pid=7)
    fields = json.loads(out.getvalue())
    assert fields["event"] == "started"
    assert fields["pid"] == 7


def test_colours_are_used_only_on_a_terminal() -> None:
    terminal, file = Terminal(), io.StringIO()
    for out in (terminal, file):
        MergedLog(out).line("api", "hello")
    assert "\x1b" in terminal.getvalue()
    assert "\x1b" not in file.getvalue()


def test_replicas_share_a_colour() -> None:
    terminal = Terminal()
    log = MergedLog(terminal)
    for name in ("api", "features", "features-2"):
        log.line(name, "hello")
    colours = [line.split("m")[0] for line in terminal.getvalue().split(" ") if "\x1b[3" in line]
    assert colours[0] != colours[1] == colours[2]


def test_empty_lines_are_left_out() -> None:
    out = io.StringIO()
    MergedLog(out).line("api", "  ")
    assert out.getvalue() == ""


def test_it_is_lost_when_the_reader_has_gone() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as out:  # noqa: PTH123  # a descriptor has no path
        log = MergedLog(out)
        log.line("api", "hello")
        log.line("api", "again")
        assert log.is_lost
