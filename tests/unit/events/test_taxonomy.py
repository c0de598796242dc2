from __future__ import annotations

from dataclasses import replace

import pytest

from earshot.events.taxonomy import Label, Override, Scene, Scenes, Taxonomy

DOG = Label("Dog", "animal", "normal", ("Dog", "Bark"), on_score=0.4)
SIREN = Label("Siren", "safety", "high", ("Siren",), masks=("Dog",), parent="Vehicle")
VEHICLE = Label("Vehicle", "mechanical", "low", ("Vehicle",), parent="Machine")
MACHINE = Label("Machine", "mechanical", "low", ("Engine",))
LABELS = (DOG, SIREN, VEHICLE, MACHINE)
FARM = Override(site="farm", settings={"Dog": {"on_score": 0.6}, "Siren": {"masks": ()}})
LOUD = Override(
    tag="loud",
    settings={"Dog": {"on_score": 0.8, "min_duration_samples": 32_000}},
    places={("Dog", "on_score"): "t.yaml:41", ("Dog", "min_duration_samples"): "t.yaml:42"},
)
QUIET = Override(device="k*-1", tag="quiet", settings={"Vehicle": {"enabled": False}})
TAXONOMY = Taxonomy(LABELS, overrides=(FARM, LOUD, QUIET))


def named(taxonomy: Taxonomy) -> dict[str, Label]:
    return {label.name: label for label in taxonomy.labels}


@pytest.mark.parametrize(
    ("override", "device_id", "site", "tags", "is_match"),
    [
        (Override(device="k*-1"), "kitchen-1", "", (), True),
        (Override(device="k*-1"), "kitchen-2", "", (), False),
        (Override(device="k*-1"), "Kitchen-1", "", (), False),
        (Override(device="k?"), "k1", "home", {"a"}, True),
        (Override(site="home"), "k1", "home", (), True),
        (Override(site="home"), "k1", "homes", (), False),
        (Override(tag="a"), "k1", "", ["b", "a"], True),
        (Override(tag="a"), "k1", "", ["ab"], False),
        (Override(device="k1", site="home", tag="a"), "k1", "home", {"a"}, True),
        (Override(device="k1", site="home", tag="a"), "k1", "home", {"b"}, False),
    ],
)
def test_an_override_matches_when_all_it_asks_is_so(
    override: Override, device_id: str, site: str, tags: set[str], is_match: bool
) -> None:
    assert override.matches(device_id, site, tags) is is_match


def test_a_device_that_no_override_matches_has_the_taxonomy_itself() -> None:
    assert TAXONOMY.for_device("kitchen-1", "home", ["other"]) is TAXONOMY
    assert Taxonomy(LABELS).for_device("kitchen-1", "farm", ["loud"]) == Taxonomy(LABELS)


def test_what_an_override_does_not_name_stays() -> None:
    there = named(TAXONOMY.for_device("a", "farm", ()))

    assert there["Dog"] == replace(DOG, on_score=0.6)
    assert there["Siren"] == replace(SIREN, masks=())
    assert there["Vehicle"] == VEHICLE


def test_later_overrides_win() -> None:
    there = named(TAXONOMY.for_device("a", "farm", ["loud"]))

    assert (there["Dog"].on_score, there["Dog"].min_duration_samples) == (0.8, 32_000)
    assert there["Siren"].masks == ()


def test_the_same_overrides_give_the_same_object() -> None:
    assert TAXONOMY.for_device("a", "farm", ["x"]) is TAXONOMY.for_device("b", "farm", ())
    assert TAXONOMY.for_device("a", "farm", ()) is not TAXONOMY.for_device("a", "", ["loud"])


def test_a_label_taken_out_is_nobodys_parent_and_masked_by_none() -> None:
    there = named(TAXONOMY.for_device("kitchen-1", "", ["quiet"]))

    assert list(there) == ["Dog", "Siren", "Machine"]
    assert there["Siren"].parent == "Machine"

    no_dog = Taxonomy(LABELS, overrides=(Override(site="x", settings={"Dog": {"enabled": False}}),))
    assert named(no_dog.for_device("a", "x", ()))["Siren"].masks == ()


def test_a_later_override_takes_a_label_in_again() -> None:
    back = Override(site="home", settings={"Vehicle": {"enabled": True}})
    there = Taxonomy(LABELS, overrides=(QUIET, back)).for_device("k-1", "home", ["quiet"])

    assert there.labels == LABELS


def test_all_labels_may_be_taken_out() -> None:
    nothing = Override(tag="deaf", settings={label.name: {"enabled": False} for label in LABELS})

    assert Taxonomy(LABELS, overrides=(nothing,)).for_device("a", "", ["deaf"]).labels == ()


def test_the_hash_is_of_what_is_in_force() -> None:
    plain = Taxonomy(LABELS)
    loud = TAXONOMY.for_device("a", "", ["loud"])
    by_hand = (replace(DOG, on_score=0.8, min_duration_samples=32_000), *LABELS[1:])

    assert TAXONOMY.taxonomy_hash == plain.taxonomy_hash
    assert len(plain.taxonomy_hash) == 16
    assert loud.taxonomy_hash == Taxonomy(by_hand).taxonomy_hash != plain.taxonomy_hash


def test_scenes_count_for_the_hash() -> None:
    scenes = Scenes((Scene("Street", ("Bus",), (), 0.1),))
    hashes = {
        Taxonomy(LABELS, each).taxonomy_hash
        for each in (Scenes(), scenes, replace(scenes, dwell_samples=0))
    }

    assert len(hashes) == 3


def test_equal_taxonomies_are_equal_and_hash_alike() -> None:
    again = Taxonomy(LABELS, overrides=(FARM, LOUD, QUIET), places={("Dog", "Dog"): "t.yaml:3: "})

    assert (again, hash(again)) == (TAXONOMY, hash(TAXONOMY))
    assert again != replace(again, overrides=(FARM, LOUD))
    assert len({DOG, replace(DOG), SIREN}) == 2


def test_a_setting_knows_where_it_was_set() -> None:
    origins = {("Dog", "on_score"): "t.yaml:9", ("Dog", "off_score"): "defaults, t.yaml:3"}
    taxonomy = replace(TAXONOMY, origins=origins)
    loud = taxonomy.for_device("a", "", ["loud"])

    assert taxonomy.origin("Dog", "on_score") == "t.yaml:9"
    assert taxonomy.origin("Dog", "merge_gap_samples") == "built in"
    assert loud.origin("Dog", "on_score") == "override for tag loud, t.yaml:41"
    assert loud.origin("Dog", "off_score") == "defaults, t.yaml:3"
