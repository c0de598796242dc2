from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from earshot.embedding.card_writer import write_card
from earshot.events.errors import BadLabels, BadTaxonomy
from earshot.events.scores import Members
from earshot.events.taxonomy import Label, Scene, Scenes, Taxonomy
from earshot.model_labels import ModelLabels
from earshot.streams.errors import BadMessage, DependencyAway

TAXONOMY = Taxonomy((Label("Dog", "animal", "low", ("Dog",), 0.5, 0.2, 0, 0),))


def write_labels(folder: Path, *names: str) -> None:
    (folder / "assets").mkdir(parents=True)
    rows = "".join(f"{index},/m/{index},{name}\n" for index, name in enumerate(names))
    (folder / "assets" / "labels.csv").write_text("index,mid,display_name\n" + rows)


def members(bundles: ModelLabels, model: str, num_classes: int) -> Members:
    return bundles.gathering(TAXONOMY, model, num_classes).labels


@pytest.fixture
def bundles(tmp_path: Path) -> ModelLabels:
    write_labels(tmp_path / "toy" / "1", "Siren", "Dog")
    write_labels(tmp_path / "toy" / "12", "Dog", "Siren", "Rain")
    return ModelLabels(tmp_path)


def test_each_version_has_its_own_order_of_classes(bundles: ModelLabels) -> None:
    assert members(bundles, "toy@1", 2).class_indices.tolist() == [1]
    assert members(bundles, "toy@12", 3).class_indices.tolist() == [0]
    assert members(bundles, "toy@12", 3).num_classes == 3


def test_labels_are_read_once(bundles: ModelLabels, tmp_path: Path) -> None:
    first = members(bundles, "toy@1", 2)
    (tmp_path / "toy" / "1" / "assets" / "labels.csv").unlink()

    assert members(bundles, "toy@1", 2) is first


@pytest.mark.parametrize(
    "model", ["", "toy", "toy@", "toy@x", "@1", "../toy@1", "a/b@1", ".toy@1", "toy@1\n", "x" * 999]
)
def test_what_is_no_model_is_a_bad_message(bundles: ModelLabels, model: str) -> None:
    with pytest.raises(BadMessage, match="is not a name@version"):
        members(bundles, model, 2)


def test_labels_that_are_not_here_are_waited_for(bundles: ModelLabels, tmp_path: Path) -> None:
    with pytest.raises(DependencyAway, match=r"model toy@2: .*labels\.csv: cannot be read"):
        members(bundles, "toy@2", 1)

    write_labels(tmp_path / "toy" / "2", "Dog")
    assert members(bundles, "toy@2", 1).num_classes == 1


def test_a_model_without_a_class_of_the_taxonomy_is_waited_for(
    bundles: ModelLabels, tmp_path: Path
) -> None:
    write_labels(tmp_path / "toy" / "2", "Dogs")

    with pytest.raises(DependencyAway, match="has no class 'Dog'; did you mean 'Dogs'"):
        members(bundles, "toy@2", 1)


def test_the_newest_version_is_checked_by_number(bundles: ModelLabels, tmp_path: Path) -> None:
    bundles.check_newest("toy", TAXONOMY)
    write_labels(tmp_path / "toy" / "101", "Cat")
    (tmp_path / "toy" / "999-new").mkdir()

    with pytest.raises(BadTaxonomy, match="toy/101/assets/labels.csv has no class 'Dog'"):
        bundles.check_newest("toy", TAXONOMY)


def test_a_version_that_is_still_being_copied_does_not_stop_the_start(
    bundles: ModelLabels, tmp_path: Path
) -> None:
    (tmp_path / "toy" / "13" / "assets").mkdir(parents=True)

    bundles.check_newest("toy", TAXONOMY)


@pytest.mark.parametrize("cut", ["index,mid,display_name\n0,/m/0", "index,mid", ""])
def test_a_version_whose_labels_are_cut_is_passed_over_and_logged(
    bundles: ModelLabels, tmp_path: Path, cut: str
) -> None:
    write_labels(tmp_path / "toy" / "13", "Dog")
    (tmp_path / "toy" / "13" / "assets" / "labels.csv").write_text(cut)

    with capture_logs() as logged:
        bundles.check_newest("toy", TAXONOMY)

    (line,) = logged
    assert line["event"] == "version passed over, unfinished"
    assert "toy/13/assets/labels.csv" in line["reason"]


@pytest.mark.parametrize("num_classes", [2, 1])
def test_labels_are_counted_when_a_card_says_how_many_there_are(
    bundles: ModelLabels, tmp_path: Path, num_classes: int
) -> None:
    write_labels(tmp_path / "toy" / "13", "Cat")
    required = {
        **{"name": "toy", "version": 13, "kind": "frame_level", "num_classes": num_classes},
        **{"embedding_space": "audioset-vggish-128", "metrics": {}, "data": []},
        **{"command": "none", "date": "2026-01-01"},
    }
    write_card(tmp_path / "toy" / "13", required)

    if num_classes == 2:
        bundles.check_newest("toy", TAXONOMY)
    else:
        with pytest.raises(BadTaxonomy, match="has no class 'Dog'"):
            bundles.check_newest("toy", TAXONOMY)


def test_a_card_that_is_cut_or_of_others_does_not_stop_the_start(
    bundles: ModelLabels, tmp_path: Path
) -> None:
    write_labels(tmp_path / "toy" / "13", "Dog")
    for content in ("{", '{"name": "toy"}'):
        (tmp_path / "toy" / "13" / "card.json").write_text(content)
        bundles.check_newest("toy", TAXONOMY)


def test_labels_that_cannot_be_read_stop_the_start_when_there_are_no_others(
    tmp_path: Path,
) -> None:
    write_labels(tmp_path / "toy" / "1")
    with pytest.raises(BadLabels, match=r"toy/1/assets/labels\.csv:1: expected the header"):
        ModelLabels(tmp_path).check_newest("toy", TAXONOMY)


def test_labels_that_are_not_all_here_are_waited_for(bundles: ModelLabels, tmp_path: Path) -> None:
    write_labels(tmp_path / "toy" / "2", "Dog")
    with pytest.raises(DependencyAway, match=r"labels\.csv has 1 classes; its scores are 2"):
        members(bundles, "toy@2", 2)

    with (tmp_path / "toy" / "2" / "assets" / "labels.csv").open("a") as file:
        file.write("1,/m/1,Siren\n")
    assert members(bundles, "toy@2", 2).num_classes == 2


def test_labels_that_fitted_once_stay_when_other_scores_come(bundles: ModelLabels) -> None:
    assert members(bundles, "toy@1", 2).num_classes == 2
    assert members(bundles, "toy@1", 3).num_classes == 2


def test_a_model_that_is_not_here_is_named(bundles: ModelLabels) -> None:
    with pytest.raises(BadLabels, match="nothing: no version of the model is here"):
        bundles.check_newest("nothing", TAXONOMY)


def test_each_taxonomy_gathers_its_own(bundles: ModelLabels) -> None:
    other = Taxonomy(
        (Label("Rain", "environmental", "low", ("Rain",)),), Scenes((Scene("Street", ("Siren",)),))
    )
    for _ in range(2):
        gathering = bundles.gathering(other, "toy@12", 3)
        assert gathering.labels.class_indices.tolist() == [2]
        assert gathering.scenes.class_indices.tolist() == [1]
        assert members(bundles, "toy@12", 3).class_indices.tolist() == [0]
