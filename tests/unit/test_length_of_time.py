from __future__ import annotations

import pytest

from earshot.length_of_time import LONGEST_S, seconds_in
from earshot.settings import RetentionSettings, SettingsError
from earshot.startup import load
from earshot.store.retention import Retention

LENGTHS = [("0s", 0), ("90s", 90), ("15m", 900), ("1h", 3600), ("2d", 172_800), ("1w", 604_800)]


@pytest.mark.parametrize(("text", "length_s"), LENGTHS)
def test_a_length_is_read_as_it_is_written(text: str, length_s: int) -> None:
    assert seconds_in(text) == length_s


@pytest.mark.parametrize("text", ["", "5", "1y", "-1d", "1.5h", " 1d", "1d ", "1d\n", "36501d"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a length of time such as 90s, 15m, 1h, 2d is allowed"):
        seconds_in(text)


def test_settings_take_lengths_and_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_KEEP_EVENTS_S", "2w")
    monkeypatch.setenv("EARSHOT_KEEP_EMBEDDINGS_S", "0")

    settings = load(RetentionSettings)

    assert (settings.keep_events_s, settings.keep_embeddings_s) == (14 * 86_400, 0)


def test_what_the_settings_say_unset_is_what_the_store_does() -> None:
    settings, retention = load(RetentionSettings), Retention()

    for table in ("events", "embeddings", "sessions", "coverage", "audit"):
        assert getattr(settings, f"keep_{table}_s") == getattr(retention, f"{table}_s")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("events", "a year", "a length of time such as 90s, 15m, 1h, 2d is allowed"),
        ("events", "0", f"must be a whole number from 1 to {LONGEST_S}"),
        ("embeddings", "-1", "a length of time such as 90s, 15m, 1h, 2d is allowed"),
        ("sessions", "518400", f"must be a whole number from 604800 to {LONGEST_S}"),
    ],
)
def test_a_length_that_cannot_be_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: str
) -> None:
    variable = f"EARSHOT_KEEP_{name.upper()}_S"
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as caught:
        load(RetentionSettings)

    assert str(caught.value) == f"{variable}={value!r}: {allowed}"
