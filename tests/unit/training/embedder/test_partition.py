"""The split of the recordings: by origin, stable, and every recording in one part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from training.embedder.partition import groups, partition
from training.embedder.recordings import Recording

Make = Callable[..., Recording]


@pytest.mark.parametrize(
    "marks",
    [
        {"attribution": "Ann"},
        {"near_duplicate_group": "g1"},
        {"attribution": "Bob7 (https://freesound.org/s/123/)"},
        {"attribution": "Bob7 (http://www.freesound.org/people/Bob7/sounds/123/)"},
        {"attribution": "Bob7 (freesound 123)"},
    ],
)
def test_whatever_shares_an_origin_with_the_held_out_fold_is_left_out(
    recording: Make, marks: dict[str, str]
) -> None:
    held_out = [
        recording("h1", attribution="Ann", fold="4"),
        recording("h2", fold="4", near_duplicate_group="g1"),
        recording("h3", attribution="B. (http://freesound.org/people/B1/sounds/123/)", fold="4"),
    ]
    relative = recording("b", **marks)
    other = recording("o", attribution="Eve (https://freesound.org/s/124/)", fold="3")
    parts = partition([*held_out, relative, other])
    assert parts.training == [other]
    assert parts.test == held_out
    assert parts.left_out == [relative]


def test_groups_that_a_later_recording_ties_become_one(recording: Make) -> None:
    first = recording("a", attribution="Ann")
    second = recording("b", attribution="Bob", near_duplicate_group="g")
    apart = recording("c")
    tie = recording("d", attribution="Ann", near_duplicate_group="g")
    assert groups([first, second, apart, tie]) == [[first, second, tie], [apart]]


def test_clips_of_a_set_are_told_apart_by_speaker_not_by_the_name_of_the_set(
    recording: Make,
) -> None:
    of_set = {"attribution": "Speech Commands v0.02 test set, Pete Warden"}
    ann = [recording(f"speech_commands/{w}/1a2b_nohash_0.flac", **of_set) for w in ("no", "yes")]
    bob = recording("speech_commands/no/9f9f_nohash_0.flac", **of_set)
    assert groups([*ann, bob]) == [ann, [bob]]


def test_every_recording_is_in_one_part_and_about_a_fifth_only_measures(recording: Make) -> None:
    every = [recording(f"clips/{number}.flac") for number in range(1_000)]
    parts = partition(every)
    together = [*parts.training, *parts.test, *parts.left_out]
    assert sorted(r.file for r in together) == sorted(r.file for r in every)
    assert 150 < len(parts.test) < 250
    assert partition(list(reversed(every))).test == parts.test[::-1]


def test_what_nothing_in_the_manifest_ties_together_may_be_on_both_sides(recording: Make) -> None:
    every = [recording("a", attribution="Ann, UK"), recording("b", attribution="Ann (UK)")]
    assert groups(every) == [[every[0]], [every[1]]]


def test_a_partition_says_how_many_are_where_and_names_those_in_neither(recording: Make) -> None:
    held_out = recording("h", attribution="Ann", fold="4")
    others = [recording("o", fold="1"), recording("p", fold="2")]
    every = [held_out, *others, recording("x/b.flac", attribution="Ann")]
    assert partition(every).summary() == (
        "recordings: 2 train, 1 only measure, 1 are left out (x/b.flac)"
    )
    assert partition(others).summary() == "recordings: 2 train, 0 only measure, 0 are left out"


def test_a_partition_says_what_its_test_part_is(recording: Make) -> None:
    every = [recording("a")]
    assert "fold 4 of ESC-10" in partition(every).test_is
    chosen_by = partition(every, for_development=True).test_is
    assert "fold 3 of ESC-10" in chosen_by
    assert "not those that are reported" in chosen_by


def test_development_never_touches_what_is_reported(recording: Make) -> None:
    every = [recording(f"clips/{number}.flac", fold=str(number % 5)) for number in range(100)]
    every += [recording(f"clips/{number}.flac") for number in range(100, 600)]
    reported, chosen_by = partition(every), partition(every, for_development=True)
    assert not {r.file for r in reported.test} & {
        r.file for r in [*chosen_by.training, *chosen_by.test]
    }
    assert {r.fold for r in chosen_by.test} == {"", "3"}
    assert len(chosen_by.training) < len(reported.training)
