"""The start of a process: every problem told in a line, nothing but defects with a traceback."""

from __future__ import annotations

import pytest
from pydantic import Field

from earshot.settings import ObservabilitySettings, SettingsError, StreamSettings
from earshot.startup import load, refuse_to_start, unknown_variables


class FeaturesSettings(StreamSettings, ObservabilitySettings):
    features_batch_patches: int = Field(default=8, ge=1)
    features_label: str


def test_every_problem_has_a_line_when_several_values_are_wrong() -> None:
    with pytest.raises(SettingsError) as refused:
        load(FeaturesSettings, features_label="x", partitions=-1, features_batch_patches=0)
    assert set(str(refused.value).splitlines()) == {
        "EARSHOT_PARTITIONS='-1': must be a whole number from 1 to 4096",
        "EARSHOT_FEATURES_BATCH_PATCHES='0': must be a whole number from 1",
    }


def test_missing_variable_is_named_when_it_has_no_default() -> None:
    with pytest.raises(SettingsError, match=r"^EARSHOT_FEATURES_LABEL is not set; give text$"):
        load(FeaturesSettings)


def test_argument_is_refused_when_no_setting_has_its_name() -> None:
    with pytest.raises(SettingsError, match=r"^partitons is no setting; known are "):
        load(StreamSettings, partitons=3)


def test_process_ends_with_code_2_and_the_message_alone_when_settings_are_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, refuse_to_start():
        load(StreamSettings, partitions=0)
    assert ended.value.code == 2
    assert (
        capsys.readouterr().err == "EARSHOT_PARTITIONS='0': must be a whole number from 1 to 4096\n"
    )


def test_process_ends_with_code_2_when_a_named_error_is_raised(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, refuse_to_start(FileNotFoundError):
        raise FileNotFoundError("no model here")
    assert ended.value.code == 2
    assert capsys.readouterr().err == "no model here\n"


def test_defect_keeps_its_traceback_when_nobody_named_it() -> None:
    with pytest.raises(KeyError), refuse_to_start():
        raise KeyError("defect")


@pytest.mark.parametrize(
    ("name", "sentences"),
    [
        ("EARSHOT_PARTITIONS", []),
        ("EARSHOT_PRECISION", []),  # a shared setting that this service does not read
        ("EARSHOT_API_PORT", []),  # another service's
        ("EARSHOT_TEST_DATA", []),
        ("PARTITONS", []),
        (
            "EARSHOT_PARTITONS",
            [
                "EARSHOT_PARTITONS is set but no such setting exists;"
                " did you mean EARSHOT_PARTITIONS?"
            ],
        ),
        (
            "EARSHOT_FEATURES_BATCH",
            [
                "EARSHOT_FEATURES_BATCH is set but no such setting exists;"
                " did you mean EARSHOT_FEATURES_BATCH_PATCHES?"
            ],
        ),
        ("EARSHOT_QQQ", ["EARSHOT_QQQ is set but no such setting exists"]),
    ],
)
def test_unknown_variable_is_told_with_the_nearest_name_when_nobody_reads_it(
    name: str, sentences: list[str]
) -> None:
    assert unknown_variables(FeaturesSettings, {name: "1"}) == sentences
