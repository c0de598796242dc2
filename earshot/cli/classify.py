"""`earshot classify`: what is in these recordings?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from earshot.cli.choice import one_of
from earshot.cli.device_id import device_id


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    AUDACITY = "audacity"
    BRIEF = "brief"


def classify(  # noqa: PLR0913  # one argument for each option
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Recordings, and folders to search for .wav, .flac, .ogg and .mp3.",
            show_default=False,
        ),
    ],
    *,
    format: Annotated[
        Format,
        typer.Option(
            help="table: for people. json, ndjson: all that is known of each file. csv: a row per "
            "event. audacity: the label track of one recording. brief: the model's own classes in "
            "one line per file.",
            **one_of(Format),
        ),
    ] = Format.TABLE,
    top: Annotated[
        int, typer.Option(min=1, metavar="N", help="Classes to list in json, ndjson and brief.")
    ] = 10,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="X",
            help="Score, 0 to 1, with which a sound of any label begins; the lower score with "
            "which it ends is scaled along. Without it, each label's own in the taxonomy. For "
            "brief: list only classes above it (0.1 without it).",
            show_default=False,
        ),
    ] = None,
    taxonomy: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Labels to listen for.", show_default=False),
    ] = None,
    frames: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.npz",
            help="Write the scores of every 0.96 s of one recording.",
            show_default=False,
        ),
    ] = None,
    bundle: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write events.json, events.csv, frames.npz and metadata.json: into DIR for one "
            "file, into a folder below it for each of several.",
            show_default=False,
        ),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            callback=device_id,
            help="What recorded it, for the bundle's metadata.",
            show_default=False,
        ),
    ] = None,
    environment: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TAG",
            help="Where it was recorded, for the bundle's metadata; repeatable.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace frames and bundles of an earlier run.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar, no warnings.")] = False,
) -> None:
    """Says what is heard in recordings: WAV, FLAC, OGG or MP3, of any rate.

    Nothing else needs to run: models and events are those of the live system.
    Exit code 2: a file was refused (the others are heard), or an option is wrong.
    """
    from earshot.cli.bundle.metadata import Origin
    from earshot.cli.bundle.outputs import Outputs
    from earshot.cli.classification import Request, classify_all
    from earshot.cli.errors import CannotStart
    from earshot.cli.output import EXIT_REFUSED, escape_unencodable, refuse_in_one_line
    from earshot.settings import SettingsError

    escape_unencodable()
    with refuse_in_one_line(CannotStart, SettingsError):
        if bundle is None and (device or environment):
            raise CannotStart("--device and --environment are for the metadata of --bundle DIR")
        outputs = Outputs(frames, bundle, force, Origin(device, environment or ()))
        request = Request(files, format.value, top, threshold, taxonomy, outputs, quiet)
        is_all_heard = classify_all(request)
    raise typer.Exit(0 if is_all_heard else EXIT_REFUSED)
