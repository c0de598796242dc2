from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")
pytest.importorskip("ai_edge_litert", reason="needs the training extra (ai-edge-litert)")

from training import pair
from training.embedder import __main__ as embedder
from training.places import BUNDLE, DEVELOPMENT, EMBEDDER, REPOSITORY


def test_what_ships_is_made_without_options() -> None:
    assert embedder.parse_arguments([]).out == EMBEDDER
    options = pair.parse_arguments([])
    assert (options.embedder, options.out) == (EMBEDDER, BUNDLE)


def test_development_leaves_what_ships_alone() -> None:
    assert DEVELOPMENT.is_relative_to(REPOSITORY / "build")
    made = embedder.parse_arguments(["--development"]).out
    assert made == DEVELOPMENT / "vggish-compact" / "1"
    options = pair.parse_arguments(["--development"])
    assert (options.embedder, options.out) == (made, DEVELOPMENT / "earshot-default" / "1")


def test_a_place_that_is_given_wins() -> None:
    options = embedder.parse_arguments(["--development", "--out", "mine/7"])
    assert options.out == Path("mine/7")


@pytest.mark.parametrize("out", ["mine", "mine/new", "1"])
def test_a_place_that_is_no_version_is_refused_before_anything_is_trained(
    out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        pair.parse_arguments(["--out", out])
    assert f"'{out}' must be NAME/VERSION, e.g. mine/1" in capsys.readouterr().err
