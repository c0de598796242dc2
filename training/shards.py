"""From a glob pattern to labelled segments, with a sentence where that fails."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from training.errors import BadInput
from training.readers import CODE_BYTES, ClassLabel, Segments, read_class_labels, read_segments

# Of YouTube-8M's readers: about 288 s of patches.
MAX_FRAMES = 300
SHOWN_DAMAGE = 20


def read_pattern(pattern: str, num_classes: int, console: Console) -> Segments:
    """Reads every shard that a pattern names, and says how much that was and what was left out.

    Args:
        pattern: Of TFRecord files, with ``*``, ``?`` and ``**``, e.g. ``data/eval/*.tfrecord``.
        num_classes: Labels must be below this.
        console: Where that goes.

    Raises:
        BadInput: No file, or no intact segment in them.
    """
    paths = sorted(Path(path) for path in glob.glob(pattern, recursive=True))  # noqa: PTH207
    if not paths:
        raise BadInput(f"{pattern}: no such file")
    try:
        segments = read_segments(paths, num_classes, MAX_FRAMES, console)
    except OSError as error:
        raise BadInput(f"{error.filename}: cannot be read ({error.strerror})") from None
    tell_what_was_read(pattern, segments, MAX_FRAMES, console)
    if len(segments) == 0:
        first = f"; the first damage: {segments.damaged[0]}" if segments.damaged else ""
        raise BadInput(f"{pattern}: no intact segment in {len(paths)} files{first}")
    return segments


def tell_what_was_read(what: str, segments: Segments, max_frames: int, console: Console) -> None:
    """Says how many segments there are, and what was damaged or dropped.

    Args:
        what: Name of the data.
        segments: As they were read.
        max_frames: The most that each may have.
        console: Where that goes.
    """

    def say(sentence: str, style: str | None = None) -> None:
        # A name may hold what looks like markup.
        console.print(sentence, style=style, markup=False)

    say(f"{what}: {len(segments)} segments, {len(segments.damaged)} records damaged")
    for damage in segments.damaged[:SHOWN_DAMAGE]:
        say(f"  {damage}", "yellow")
    if len(segments.damaged) > SHOWN_DAMAGE:
        say(f"  and {len(segments.damaged) - SHOWN_DAMAGE} more", "yellow")
    if segments.num_dropped_frames:
        say(
            f"  {segments.num_dropped_frames} frames dropped, past the {max_frames} that a segment"
            " may have",
            "yellow",
        )


def read_labels(path: Path, num_classes: int | None = None) -> list[ClassLabel]:
    """Returns the classes of a CSV.

    Args:
        path: With the header ``index,mid,display_name``.
        num_classes: How many there must be; None takes any number.

    Raises:
        BadInput: It is no list of classes, or holds another number of them.
    """
    class_labels = read_class_labels(path)
    if num_classes not in (None, len(class_labels)):
        raise BadInput(f"{path}: {len(class_labels)} classes, but --num-classes is {num_classes}")
    return class_labels


def check_features(names: str, sizes: Sequence[int]) -> None:
    """Refuses other features than AudioSet's embeddings.

    Raises:
        BadInput: Another name or size.
    """
    if names != "audio_embedding" or list(sizes) != [CODE_BYTES]:
        raise BadInput(
            f"--feature-names {names} --feature-sizes {' '.join(map(str, sizes))}: "
            f"only audio_embedding of size {CODE_BYTES} can be read"
        )
