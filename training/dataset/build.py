"""From labelled recordings to a dataset's folder, whole or not at all."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from earshot.embedding.embedder import Embedder
from training.card import bundle_in_the_making
from training.class_list import write_class_labels
from training.dataset.classes import number_classes
from training.dataset.description import DESCRIPTION_FILE, Origin, describe
from training.dataset.embedding import SegmentMaker
from training.dataset.example import Segment, encode_segment
from training.dataset.folder import read_background, read_folder
from training.dataset.manifest import read_csv_manifest
from training.dataset.problems import Problems
from training.dataset.stretch import Problem, Stretch
from training.errors import BadInput
from training.tfrecord_writer import write_records

LABELS_FILE = "labels.csv"
SEGMENTS_FILE = "segments.tfrecord"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the sound comes from.

    Attributes:
        labelled: A folder, or a manifest.
        background: A folder of sound without any of the labels; None for none.
    """

    labelled: Path
    background: Path | None


def read_sources(sources: Sources, problems: Problems) -> dict[Path, list[Stretch]]:
    """Returns all that is said about each recording, the labelled ones first.

    Raises:
        BadInput: A source is not there, nothing in it is labelled, or something had to be left
            out and may not.
    """
    labelled, background = sources.labelled, sources.background
    if background is not None and not background.is_dir():
        raise BadInput(f"{background}: the background must be a folder of recordings")
    if not labelled.exists():
        raise BadInput(f"{labelled}: no such folder or manifest")
    is_folder = labelled.is_dir()
    found = read_folder(labelled, background) if is_folder else read_csv_manifest(labelled)
    stretches: dict[Path, list[Stretch]] = defaultdict(list)
    for stretch in problems.sift(found):
        stretches[stretch.path.resolve()].append(stretch)
    if not stretches:
        raise BadInput(f"{labelled}: no labelled recording in it")
    for stretch in problems.sift(read_background(background) if background else ()):
        path = stretch.path.resolve()
        if path in stretches:
            problems.add(Problem(stretch.place, "is background, but labelled as well"))
        else:
            stretches[path].append(stretch)
    return dict(stretches)


def make_segments(
    stretches: Mapping[Path, list[Stretch]], maker: SegmentMaker, console: Console
) -> list[Segment]:
    """Returns the segments of all recordings, with a progress bar if there is a terminal."""
    recordings: Iterable[list[Stretch]] = stretches.values()
    if console.is_terminal:
        description = f"embedding {len(stretches)} recordings"
        recordings = track(list(recordings), description, console=console)
    return [segment for each in recordings for segment in maker.make(each[0].path, each)]


def write_dataset(
    out: Path, segments: list[Segment], mids: Mapping[str, str], origin: Origin, problems: Problems
) -> dict[str, object]:
    """Writes the folder aside, renames it into place, and returns what `dataset.json` says.

    Args:
        out: The folder; a dataset that is there is replaced.
        segments: At least one with a label.
        mids: AudioSet's, by display name.
        origin: What the description says of how it was made.
        problems: What was left out.

    Raises:
        BadInput: `out` is something else, or cannot be written; or no segment has a label.
    """
    names = {name for segment in segments for name in segment.labels}
    if not names:
        raise BadInput(f"no labelled sound is left of {origin.source}; see above")
    classes = number_classes(names, mids)
    index_of = {each.display_name: each.index for each in classes}

    def payloads() -> Iterator[bytes]:
        for segment in segments:
            yield encode_segment(segment, sorted(index_of[name] for name in segment.labels))

    description = describe(segments, classes, origin, problems.found)
    try:
        with bundle_in_the_making(out) as directory:
            write_class_labels(directory / LABELS_FILE, classes)
            write_records(directory / SEGMENTS_FILE, payloads())
            text = json.dumps(description, indent=2, ensure_ascii=False)
            # A path that is not UTF-8 becomes the escapes that JSON has for it.
            (directory / DESCRIPTION_FILE).write_text(text + "\n", "utf-8", "backslashreplace")
            check_replaceable(out)  # embedding may have taken an hour
    except OSError as error:
        raise BadInput(f"{out}: could not be written ({error})") from None
    return description


def check_replaceable(out: Path) -> None:
    """Refuses to replace anything but a dataset, and a dataset that holds more than its own files.

    Raises:
        BadInput: Something else is there.
    """
    if not out.exists():
        return
    names = {path.name for path in out.iterdir()} if out.is_dir() else {out.name}
    if names and DESCRIPTION_FILE not in names:
        raise BadInput(f"{out}: is there already and no dataset; choose another --out")
    if others := sorted(names - {DESCRIPTION_FILE, LABELS_FILE, SEGMENTS_FILE}):
        raise BadInput(
            f"{out / others[0]}: is no part of the dataset, which would be replaced with all that "
            "is in its folder; move it, or choose another --out"
        )


def build(
    sources: Sources,
    embedder: Embedder,
    patches_per_segment: int,
    problems: Problems,
    console: Console,
) -> list[Segment]:
    """Returns the segments of all sources; a label of which nothing is left is a problem, too.

    Args:
        sources: Where to look.
        embedder: Makes the codes.
        patches_per_segment: The most a segment may have.
        problems: Where what is left out is noted.
        console: Where the progress bar goes.

    Raises:
        BadInput: As `read_sources`.
    """
    stretches = read_sources(sources, problems)
    maker = SegmentMaker(embedder, patches_per_segment, problems)
    segments = make_segments(stretches, maker, console)
    named = {name for each in stretches.values() for stretch in each for name in stretch.labels}
    for name in sorted(named.difference(*(segment.labels for segment in segments))):
        problems.add(Problem(f"label {name!r}", "no sound of it is left"))
    return segments
