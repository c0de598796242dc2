from __future__ import annotations

from pathlib import Path

from earshot.events.taxonomy_file import load_taxonomy
from earshot.events.threshold import label_thresholds, scene_thresholds
from tests.unit.events.taxonomy_text import FULL, written


def test_each_setting_says_its_value_and_who_set_it(tmp_path: Path) -> None:
    file = written(tmp_path, FULL)
    there = load_taxonomy(file).for_device("a", "farm", ["outdoors"])
    dog = {each.name: each for each in label_thresholds(there, there.labels[0])}

    assert dog["on_score"].value == 0.6
    assert dog["on_score"].source == f"override for site farm, tag outdoors, {file}:39"
    assert dog["off_score"].source == f"label Dog, {file}:7"
    assert (dog["merge_gap_s"].value, dog["merge_gap_s"].source) == (1.0, f"defaults, {file}:1")
    assert (dog["min_duration_s"].value, dog["min_duration_s"].stricter) == (2.0, "higher")
    assert (dog["start_window_patches"].value, dog["start_window_patches"].stricter) == (3, "lower")
    siren = {each.name: each for each in label_thresholds(there, there.labels[2])}
    assert (siren["off_score"].value, siren["off_score"].source) == (0.2, "built in")


def test_scenes_say_the_same_of_theirs(tmp_path: Path) -> None:
    file = written(tmp_path, FULL)
    taxonomy = load_taxonomy(file)
    street, farm = (scene_thresholds(taxonomy, scene) for scene in taxonomy.scenes.scenes)

    assert [(each.name, each.value, each.source) for each in street] == [
        ("min_score", 0.2, f"scenes, {file}:25"),
        ("window_s", 30.72, f"scenes, {file}:23"),
        ("dwell_s", 10.0, f"scenes, {file}:24"),
    ]
    assert (farm[0].value, farm[0].source) == (0.3, f"scene Farm, {file}:31")
