"""The shared settings: defaults, the environment, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from earshot.settings import (
    DatabaseSettings,
    ModelSettings,
    ObservabilitySettings,
    SettingsError,
    StreamSettings,
)
from earshot.startup import load


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EARSHOT_DATA_DIR", raising=False)
    monkeypatch.delenv("EARSHOT_DATABASE_URL", raising=False)


def test_value_comes_from_the_environment_when_a_variable_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EARSHOT_PARTITIONS", "12")
    assert load(StreamSettings).partitions == 12


def test_argument_wins_when_the_variable_is_set_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_PARTITIONS", "12")
    assert load(StreamSettings, partitions=3).partitions == 3


def test_default_holds_when_the_variable_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_METRICS_PORT", "")
    assert load(ObservabilitySettings).metrics_port is None


def test_settings_cannot_be_changed_when_loaded() -> None:
    settings = load(StreamSettings)
    with pytest.raises(ValueError, match="frozen"):
        settings.partitions = 2  # type: ignore[misc]


def test_database_is_a_file_in_the_data_folder_when_no_url_is_given(tmp_path: Path) -> None:
    assert load(DatabaseSettings, data_dir=tmp_path).database == f"sqlite:///{tmp_path}/earshot.db"


def test_database_url_names_the_driver_when_it_is_postgresql() -> None:
    settings = load(DatabaseSettings, database_url="postgresql://user@db/earshot")
    assert settings.database == "postgresql+psycopg://user@db/earshot"


def test_relative_folder_becomes_absolute_when_loaded() -> None:
    assert load(ModelSettings, models_dir="models").models_dir == Path.cwd() / "models"


def test_log_level_is_read_when_in_upper_case() -> None:
    assert load(ObservabilitySettings, log_level="WARNING").log_level == "warning"


@pytest.mark.parametrize(
    ("settings_class", "field", "value", "line"),
    [
        (
            StreamSettings,
            "partitions",
            "0",
            "EARSHOT_PARTITIONS='0': must be a whole number from 1 to 4096",
        ),
        (
            StreamSettings,
            "partitions",
            "four",
            "EARSHOT_PARTITIONS='four': must be a whole number from 1 to 4096",
        ),
        (
            StreamSettings,
            "window_patches",
            "301",
            "EARSHOT_WINDOW_PATCHES='301': must be a whole number from 1 to 300",
        ),
        (
            StreamSettings,
            "claim_idle_s",
            "nan",
            "EARSHOT_CLAIM_IDLE_S='nan': must be a number above 0 and up to 3600",
        ),
        (
            StreamSettings,
            "key_prefix",
            "{a}",
            "EARSHOT_KEY_PREFIX='{a}': must be text that matches ^[A-Za-z0-9._:-]{1,64}$",
        ),
        (
            StreamSettings,
            "redis_url",
            "http://:secret@x",
            "EARSHOT_REDIS_URL='http://:***@x': must look like"
            " redis://HOST:PORT/DB, rediss://HOST:PORT/DB or unix://PATH",
        ),
        (
            ModelSettings,
            "precision",
            "int3",
            "EARSHOT_PRECISION='int3': must be one of f32, bf16, int8",
        ),
        (
            ModelSettings,
            "serving_target",
            "host",
            "EARSHOT_SERVING_TARGET='host': must be HOST:PORT with a port from 1 to 65535",
        ),
        (
            DatabaseSettings,
            "database_url",
            "mysql://x",
            "EARSHOT_DATABASE_URL='mysql://x': must start with sqlite:/// or postgresql://",
        ),
        (
            ObservabilitySettings,
            "metrics_port",
            "65536",
            "EARSHOT_METRICS_PORT='65536': must be a whole number from 0 to 65535",
        ),
        (
            ObservabilitySettings,
            "log_format",
            "xml",
            "EARSHOT_LOG_FORMAT='xml': must be one of json, console",
        ),
    ],
)
def test_one_line_names_key_value_and_what_is_allowed_when_a_value_is_wrong(
    settings_class: type[StreamSettings], field: str, value: str, line: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load(settings_class, **{field: value})
    assert str(refused.value) == line
