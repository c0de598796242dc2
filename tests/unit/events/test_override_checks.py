from __future__ import annotations

from pathlib import Path

import pytest

from earshot.events.errors import BadTaxonomy
from earshot.events.taxonomy_file import load_taxonomy
from tests.unit.events.taxonomy_text import written

LABELS = """\
labels:
  - {name: Dog, category: animal, priority: low, classes: [Dog], on_score: 0.5, off_score: 0.3}
  - {name: Cat, category: animal, priority: low, classes: [Cat], masks: [Dog]}
overrides:
"""


def load(folder: Path, *overrides: str) -> None:
    load_taxonomy(written(folder, LABELS + "".join(f"  - {{{line}}}\n" for line in overrides)))


PROBLEMS = {
    "below its label": (
        ["site: a, labels: {Dog: {on_score: 0.2}}"],
        ":5: overrides[0].labels.Dog.on_score: off_score 0.3 must not be above on_score 0.2",
    ),
    "by itself": (
        ["site: a, labels: {Dog: {on_score: 0.2, off_score: 0.25}}"],
        "overrides[0].labels.Dog.off_score: off_score 0.25 must not be above on_score 0.2",
    ),
    "with another": (
        ["site: a, labels: {Dog: {off_score: 0.4}}", "tag: b, labels: {Dog: {on_score: 0.35}}"],
        ":6: overrides[1].labels.Dog.on_score: off_score 0.4 must not be above on_score 0.35; "
        "overrides[0] can hold there too",
    ),
    "patterns that meet": (
        [
            "device: 'kitchen-*', labels: {Dog: {off_score: 0.4}}",
            "device: '*-1', labels: {Dog: {on_score: 0.35}}",
        ],
        "overrides[0] can hold there too",
    ),
    "patches": (
        ["tag: a, labels: {Dog: {start_patches: 2}}"],
        "start_patches 2 must not be above start_window_patches 1",
    ),
    "durations": (
        [
            "tag: a, labels: {Dog: {max_duration_s: 1}}",
            "tag: b, labels: {Dog: {min_duration_s: 2}}",
        ],
        "min_duration_s 2 must not be above max_duration_s 1; overrides[0] can hold there too",
    ),
    "unknown label": (
        ["tag: a, labels: {Dgo: {on_score: 0.5}}"],
        ":5: overrides[0].labels.Dgo: there is no such label; did you mean 'Dog'?",
    ),
    "unknown masked": (
        ["tag: a, labels: {Dog: {masks: [Cta]}}"],
        "overrides[0].labels.Dog.masks[0]: there is no label 'Cta'; did you mean 'Cat'?",
    ),
    "masks itself": (["tag: a, labels: {Dog: {masks: [Dog]}}"], "'Dog' is the label itself"),
    "circle": (
        ["tag: a, labels: {Dog: {masks: [Cat]}}"],
        "overrides[0].labels.Dog.masks: labels mask each other in a circle: Dog → Cat → Dog",
    ),
    "nothing asked": (
        ["labels: {Dog: {on_score: 0.5}}"],
        "overrides[0]: needs device, site or tag",
    ),
    "nothing changed": (
        ["tag: a, labels: {}"],
        "must be a mapping of 1 to 500 entries, not an emp",
    ),
    "no setting": (["tag: a, labels: {Dog: {}}"], "must be a mapping with the keys enabled,"),
    "no label setting": (["tag: a, labels: {Dog: {name: Cat}}"], "labels.Dog.name: unknown key"),
    "pattern": (["device: 'a[b]', labels: {Dog: {on_score: 1}}"], "with * and ? as wildcards, not"),
    "empty site": (["site: '', labels: {Dog: {on_score: 1}}"], "overrides[0].site: must be a text"),
    "enabled": (["tag: a, labels: {Dog: {enabled: 0}}"], "must be true or false, not 0"),
}


@pytest.mark.parametrize(("overrides", "message"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_an_override_that_makes_no_sense_is_named(
    tmp_path: Path, overrides: list[str], message: str
) -> None:
    with pytest.raises(BadTaxonomy) as caught:
        load(tmp_path, *overrides)

    assert message in str(caught.value)


FINE = {
    "other sites": [
        "site: a, labels: {Dog: {off_score: 0.4}}",
        "site: b, labels: {Dog: {on_score: 0.35}}",
    ],
    "patterns apart": [
        "device: 'kitchen-*', labels: {Dog: {off_score: 0.4}}",
        "device: 'hall-?', labels: {Dog: {on_score: 0.35}}",
    ],
    "patterns of other lengths": [
        "device: 'a?', labels: {Dog: {off_score: 0.4}}",
        "device: 'a??*', labels: {Dog: {on_score: 0.35}}",
    ],
    "replaced where both hold": [
        "tag: a, labels: {Dog: {off_score: 0.4}}",
        "tag: b, labels: {Dog: {on_score: 0.35, off_score: 0.1}}",
    ],
    "the label's own is never in force there": [
        "site: a, labels: {Dog: {on_score: 0.8}}",
        "site: a, tag: b, labels: {Dog: {off_score: 0.6}}",
    ],
    "other labels": [
        "tag: a, labels: {Dog: {off_score: 0.4}}",
        "tag: b, labels: {Cat: {on_score: 0.35}}",
    ],
}


@pytest.mark.parametrize("overrides", FINE.values(), ids=FINE.keys())
def test_overrides_that_cannot_cross_are_taken(tmp_path: Path, overrides: list[str]) -> None:
    load(tmp_path, *overrides)
