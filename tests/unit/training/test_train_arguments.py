"""The flags of a training: every setting has one, and its help says what it is."""

from __future__ import annotations

import dataclasses
import re

import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.errors import BadInput  # noqa: E402
from training.frame_level.registry import ARCHITECTURES  # noqa: E402
from training.frame_level.settings import FitSettings, NetworkSizes  # noqa: E402
from training.train_arguments import fit_settings, network_sizes, parse_arguments  # noqa: E402


@pytest.fixture
def help_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setattr("sys.argv", ["earshot train", "--help"])
    with pytest.raises(SystemExit) as ended:
        parse_arguments()
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_every_setting_is_explained_with_its_default(help_text: str) -> None:
    text = " ".join(help_text.split())
    for settings in (NetworkSizes, FitSettings):
        names = {field.name for field in dataclasses.fields(settings)} - {"num_classes"}
        for flag in (re.escape("--" + name.replace("_", "-")) for name in names):
            assert re.search(rf" {flag} [NX] \w[^(]{{3,}}.*? \(default: .+?\)", text), flag


def test_defaults_that_differ_are_named_by_model(help_text: str) -> None:
    rates = [f"{name} {each.recipe.base_learning_rate}" for name, each in ARCHITECTURES.items()]
    assert f"(default: {', '.join(rates)})" in help_text
    assert f"(default: {NetworkSizes(1).dbof_cluster_size})" in help_text


def test_the_help_names_the_command_as_it_was_started(help_text: str) -> None:
    assert help_text.startswith("usage: earshot train [options]")
    assert "earshot train --data my-sounds --out models/my-sounds/1" in help_text
    for name, architecture in ARCHITECTURES.items():
        assert name in help_text
        assert architecture.description in help_text


def test_what_is_not_given_is_the_recipe_s() -> None:
    options = parse_arguments(["--batch-size", "64", "--lstm-cells", "1024"])
    for architecture in ARCHITECTURES.values():
        expected = dataclasses.replace(architecture.recipe, batch_size=64)
        assert fit_settings(options, architecture) == expected
    assert network_sizes(options, 12) == NetworkSizes(12, lstm_cells=1024)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_recipe_is_within_the_ranges(name: str) -> None:
    fit_settings(parse_arguments([]), ARCHITECTURES[name])


def test_a_value_outside_its_range_is_refused_by_its_flag() -> None:
    options = parse_arguments(["--learning-rate-decay", "1.5"])
    with pytest.raises(BadInput, match="--learning-rate-decay 1.5: must be 0 to 1"):
        fit_settings(options, ARCHITECTURES["lstm"])
