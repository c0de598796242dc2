from __future__ import annotations

import csv
import io
import json
import re

import pytest
import typer

from earshot.cli.reports.event_rows import AudacityWriter, CsvWriter
from earshot.cli.reports.json_writer import JsonWriter, NdjsonWriter
from earshot.cli.reports.report import Report, ReportedEvent, TopClass
from earshot.cli.reports.table import BriefWriter, TableWriter, clock
from earshot.cli.reports.writer import Writer

TOP = (TopClass("Speech", "/m/09x0r", 0.75), TopClass("Music", "/m/04rlf", 0.12))
SIREN = ReportedEvent("Siren", 3.2, 6.1, 0.91)
GLASS = ReportedEvent("Glass breaking", 7.68, 8.64, 0.6401)
HEARD = Report("a.wav", 10.0, 44_100, TOP, (SIREN, GLASS), "m@1")
QUIET = Report("b.wav", 5.0, 16_000, TOP, (), "m@1")
REFUSED = Report("c.wav", error="empty file")


def written(writer: Writer, *reports: Report) -> str:
    text = writer.begin() + "".join(map(writer.report, reports)) + writer.end()
    return re.sub(r"\x1b\[[0-9;]*m", "", text)  # without colours


def test_table_of_one_file() -> None:
    one_event = Report("a.wav", 10.0, 44_100, TOP, (SIREN,), "m@1")
    assert written(TableWriter(False, {}), one_event) == "Siren: 03.2s–06.1s  0.91\n"


def test_table_columns_are_in_line() -> None:
    assert written(TableWriter(False, {"Siren": "red"}), HEARD) == (
        "Siren:          03.2s–06.1s  0.91\n"
        "Glass breaking: 07.7s–08.6s  0.64\n"
    )  # fmt: skip


def test_table_says_so_when_there_is_no_event() -> None:
    assert written(TableWriter(False, {}), QUIET) == (
        "no events; most likely Speech 0.75 · Music 0.12\n"
    )


def test_table_of_several_files_has_headings_and_leaves_out_refused_ones() -> None:
    assert written(TableWriter(True, {}), QUIET, REFUSED, QUIET) == 2 * (
        "b.wav  5.0s\n  no events; most likely Speech 0.75 · Music 0.12\n\n"
    )


def test_table_colours_what_matters() -> None:
    text = TableWriter(False, {"Siren": "red"}).report(HEARD)
    assert typer.style("Siren:         ", fg="red") in text


@pytest.mark.parametrize(
    ("moment_s", "duration_s", "text"),
    [
        (0.0, 5.0, "00.0s"),
        (3.249, 10.0, "03.2s"),
        (59.96, 59.99, "60.0s"),
        (63.2, 100.0, "01:03.2"),
        (59.96, 100.0, "01:00.0"),
        (3599.97, 3599.99, "60:00.0"),
        (3663.2, 7200.0, "1:01:03.2"),
        (36_000.0, 40_000.0, "10:00:00.0"),
    ],
)
def test_clock(moment_s: float, duration_s: float, text: str) -> None:
    assert clock(moment_s, duration_s) == text


def test_brief_is_the_line_of_the_predecessor() -> None:
    assert written(BriefWriter(False, 0.1), HEARD) == "Speech: 0.75, Music: 0.12\n"


def test_brief_lists_what_is_above_the_threshold() -> None:
    assert written(BriefWriter(False, 0.12), HEARD) == "Speech: 0.75\n"
    assert written(BriefWriter(False, 0.8), HEARD) == "nothing above 0.8\n"


def test_brief_names_the_files_when_there_are_several() -> None:
    assert written(BriefWriter(True, 0.5), HEARD, REFUSED, QUIET) == (
        "a.wav: Speech: 0.75\nb.wav: Speech: 0.75\n"
    )


def test_a_file_name_stays_on_one_line() -> None:
    odd = Report("a\nb\t\udcff.wav", 5.0, 16_000, TOP)
    assert written(BriefWriter(True, 0.5), odd) == "a\\nb\\t\\udcff.wav: Speech: 0.75\n"


def test_ndjson_is_an_object_per_line() -> None:
    lines = written(NdjsonWriter(), HEARD, REFUSED).splitlines()
    assert json.loads(lines[0]) == {
        "file": "a.wav",
        "duration_s": 10.0,
        "sample_rate_hz": 44_100,
        "top": [
            {"label": "Speech", "mid": "/m/09x0r", "score": 0.75},
            {"label": "Music", "mid": "/m/04rlf", "score": 0.12},
        ],
        "events": [
            {"label": "Siren", "onset_s": 3.2, "offset_s": 6.1, "score": 0.91},
            {"label": "Glass breaking", "onset_s": 7.68, "offset_s": 8.64, "score": 0.6401},
        ],
        "model": "m@1",
        "error": None,
    }
    assert json.loads(lines[1])["error"] == "empty file"


@pytest.mark.parametrize("reports", [[], [HEARD], [HEARD, REFUSED, QUIET]])
def test_json_is_an_array_of_the_same(reports: list[Report]) -> None:
    lines = written(NdjsonWriter(), *reports).splitlines()
    assert json.loads(written(JsonWriter(), *reports)) == list(map(json.loads, lines))


def test_json_is_ascii_and_gives_the_name_back() -> None:
    text = written(NdjsonWriter(), Report("é\n\udcff.wav", error="empty file"))
    assert text.isascii()
    assert json.loads(text)["file"] == "é\n\udcff.wav"


def test_csv_has_a_header_and_a_row_per_event() -> None:
    comma = Report("a, b.wav", 5.0, 16_000, TOP, (ReportedEvent('Say "x"', 0.0, 0.96, 0.5),))
    rows = list(csv.reader(io.StringIO(written(CsvWriter(), HEARD, REFUSED, QUIET, comma))))
    assert rows == [
        ["file", "label", "onset_s", "offset_s", "score"],
        ["a.wav", "Siren", "3.2", "6.1", "0.91"],
        ["a.wav", "Glass breaking", "7.68", "8.64", "0.6401"],
        ["a, b.wav", 'Say "x"', "0.0", "0.96", "0.5"],
    ]


def test_audacity_has_tabs_and_six_decimals() -> None:
    assert written(AudacityWriter(), HEARD) == (
        "3.200000\t6.100000\tSiren\n7.680000\t8.640000\tGlass breaking\n"
    )


def test_audacity_keeps_a_label_on_its_line() -> None:
    odd = Report("a.wav", 5.0, 16_000, TOP, (ReportedEvent("a\tb\nc", 0.0, 0.96, 0.5),))
    assert written(AudacityWriter(), odd) == "0.000000\t0.960000\ta b c\n"
