"""Which recordings train, and which only measure: split by group, never by file.

Cuts of one recording, clips of one pack and near duplicates sound alike: a model that trained on
one knows the other. So recordings that share an attribution, to the letter, a Freesound number, a
near-duplicate group or a speaker are one group, and whole groups go to one part. What nothing in
the manifest ties together is not found: an author whose attributions differ, or who shares only a
microphone with another, may be on both sides.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from training.embedder.recordings import Recording

HELD_OUT_FOLD = "4"
DEVELOPMENT_FOLD = "3"
TEST_SHARE = 0.20
DEVELOPMENT_SHARE = 0.10

# These attributions name a whole set of many origins; within it other marks tell them apart.
WHOLE_SETS = ("SESA:", "Speech Commands v0.02 test set")


@dataclass(frozen=True, slots=True)
class Partition:
    """Every recording that was split, each in one part.

    Attributes:
        training: What a model may hear.
        test: One fold of ESC-10 and a share of the other groups; they only measure.
        left_out: Of one group with a clip of that fold, but not in it: in neither.
        test_is: What the test part holds, for reports.
    """

    training: list[Recording]
    test: list[Recording]
    left_out: list[Recording]
    test_is: str

    def summary(self) -> str:
        """Returns how many recordings are in each part, and which are in neither, in a sentence."""
        files = ", ".join(recording.file for recording in self.left_out)
        return (
            f"recordings: {len(self.training)} train, {len(self.test)} only measure, "
            f"{len(self.left_out)} are left out" + (f" ({files})" if files else "")
        )


def partition(recordings: Sequence[Recording], for_development: bool = False) -> Partition:
    """Splits recordings by group; the same manifest gives the same split.

    Args:
        recordings: Of one manifest.
        for_development: Takes the test part away and splits what may train once more, by fold 3
            and `DEVELOPMENT_SHARE` of the groups: to choose settings without a look at the test
            part.
    """
    test_is = (
        f"recordings held out of all training: fold {HELD_OUT_FOLD} of ESC-10, and a fifth of the "
        "other groups"
    )
    parts = _split(recordings, HELD_OUT_FOLD, TEST_SHARE, "test", test_is)
    if not for_development:
        return parts
    test_is = (
        f"recordings that choose settings, not those that are reported: fold {DEVELOPMENT_FOLD} of "
        "ESC-10, and a tenth of the other groups that may train"
    )
    return _split(parts.training, DEVELOPMENT_FOLD, DEVELOPMENT_SHARE, "development", test_is)


def groups(recordings: Sequence[Recording]) -> list[list[Recording]]:
    """Returns the recordings in groups that share marks, in the order of their first ones."""
    leaders: dict[str, str] = {}

    def leader(mark: str) -> str:
        while leaders.setdefault(mark, mark) != mark:
            mark = leaders[mark]
        return mark

    for recording in recordings:
        first, *others = sorted(_marks(recording))
        for other in others:
            leaders[leader(other)] = leader(first)
    members: dict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        members[leader(min(_marks(recording)))].append(recording)
    return list(members.values())


def _split(
    recordings: Sequence[Recording], fold: str, share: float, salt: str, test_is: str
) -> Partition:
    parts = Partition([], [], [], test_is)
    for group in groups(recordings):
        in_fold = [recording for recording in group if recording.fold == fold]
        if in_fold:
            parts.test.extend(in_fold)
            parts.left_out.extend(r for r in group if r.fold != fold)
        elif not any(r.fold for r in group) and _place(group, salt) < share:
            parts.test.extend(group)
        else:
            parts.training.extend(group)
    return parts


def _place(group: Sequence[Recording], salt: str) -> float:
    """Returns a number in [0, 1) that depends on the group's first file name alone."""
    name = min(recording.file for recording in group)
    digest = hashlib.sha256(f"{salt} {name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def _marks(recording: Recording) -> set[str]:
    """Returns what ties a recording to others."""
    numbers = re.findall(r"freesound(?:\S*/(?:sounds|s)/| )(\d+)", recording.attribution)
    marks = {f"freesound {number}" for number in numbers}
    if recording.near_duplicate_group:
        marks.add(f"group {recording.near_duplicate_group}")
    speaker = re.search(r"speech_commands/\w+/(\w+)_nohash_", recording.file)
    if speaker:
        marks.add(f"speaker {speaker[1]}")
    if not recording.attribution.startswith(WHOLE_SETS):
        marks.add(recording.attribution)
    return marks or {recording.file}
