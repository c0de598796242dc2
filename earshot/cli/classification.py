"""What `earshot classify` does: finds recordings, hears them one by one, writes what it heard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from earshot.cli.bundle.outputs import Outputs
from earshot.cli.errors import CannotStart, FileRefused
from earshot.cli.hearing.listener import Listener
from earshot.cli.hearing.settings import HearingSettings
from earshot.cli.output import say, write
from earshot.cli.progress import FilesProgress
from earshot.cli.quiet_logs import quiet_logs
from earshot.cli.recordings import Found, find
from earshot.cli.reports.event_rows import AudacityWriter, CsvWriter
from earshot.cli.reports.json_writer import JsonWriter, NdjsonWriter
from earshot.cli.reports.report import Report
from earshot.cli.reports.table import BriefWriter, TableWriter
from earshot.cli.reports.writer import Writer
from earshot.events.taxonomy import Taxonomy
from earshot.startup import load, unknown_variables

BRIEF_THRESHOLD = 0.1  # of the predecessor
_COLOURS = {"critical": "red", "high": "yellow"}


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for.

    Attributes:
        paths: Files and folders.
        format: How to write, a key of `_writer`.
        num_top: Classes in the top list.
        threshold: See `with_threshold`; None leaves each label its own.
        taxonomy_file: Instead of the settings' own.
        outputs: Files to write.
        is_quiet: No progress, no remarks about the environment.
    """

    paths: Sequence[Path]
    format: str
    num_top: int
    threshold: float | None
    taxonomy_file: Path | None
    outputs: Outputs
    is_quiet: bool


def classify_all(request: Request) -> bool:
    """Hears and writes; returns whether every file was heard.

    Raises:
        CannotStart: Nothing was heard.
        SettingsError: The same.
    """
    found = list(find(request.paths))
    _check_count(request, len(found))
    # A folder stays a folder of bundles, even while there is one recording in it.
    request.outputs.is_one = len(found) == 1 and found[0].path == request.paths[0]
    chosen = {} if request.taxonomy_file is None else {"taxonomy_file": request.taxonomy_file}
    settings = load(HearingSettings, **chosen)
    if not request.is_quiet:
        say("\n".join(unknown_variables(HearingSettings)))
    with quiet_logs():
        listener = Listener.load(settings, request.threshold)
        writer = _writer(request, len(found) > 1, listener.taxonomy)
        return _write_all(request, found, listener, writer)


def _check_count(request: Request, num_found: int) -> None:
    if num_found == 1:
        return
    if request.format == "audacity":
        raise CannotStart(
            f"--format audacity writes the label track of one recording; here are {num_found}"
        )
    if request.outputs.frames is not None:
        raise CannotStart(
            f"--frames writes the scores of one recording; here are {num_found}: "
            "--bundle DIR takes several"
        )


def _write_all(
    request: Request, found: Sequence[Found | FileRefused], listener: Listener, writer: Writer
) -> bool:
    progress = FilesProgress(len(found), not request.is_quiet)
    is_all_heard = True
    try:
        write(writer.begin())
        for report in _reports(request, found, listener, progress):
            if sys.stdout.isatty():
                progress.hide()
            write(writer.report(report))
            is_all_heard = is_all_heard and report.error is None
        write(writer.end())
    finally:
        progress.hide()
    return is_all_heard


def _reports(
    request: Request,
    found: Sequence[Found | FileRefused],
    listener: Listener,
    progress: FilesProgress,
) -> Iterator[Report]:
    for each in found:
        try:
            if isinstance(each, FileRefused):
                raise each
            yield _heard(request, each, listener, partial(progress.step, each.path.name))
        except FileRefused as refusal:
            progress.hide()
            say(str(refusal))
            yield Report.of_refused(each.path, refusal)
        progress.file_done()


def _heard(
    request: Request, found: Found, listener: Listener, on_progress: Callable[[float], None]
) -> Report:
    outputs = request.outputs
    outputs.check(found)
    heard = listener.hear(found.path, outputs.is_any, on_progress)
    report = Report.of_heard(heard, listener.models.classes, listener.models.model, request.num_top)
    outputs.write(found, heard, report, listener)
    return report


def _writer(request: Request, is_many: bool, taxonomy: Taxonomy) -> Writer:
    colours = {
        label.name: _COLOURS[label.priority]
        for label in taxonomy.labels
        if label.priority in _COLOURS
    }
    threshold = BRIEF_THRESHOLD if request.threshold is None else request.threshold
    writers: dict[str, Callable[[], Writer]] = {
        "table": lambda: TableWriter(is_many, colours),
        "json": JsonWriter,
        "ndjson": NdjsonWriter,
        "csv": CsvWriter,
        "audacity": AudacityWriter,
        "brief": lambda: BriefWriter(is_many, threshold),
    }
    return writers[request.format]()
