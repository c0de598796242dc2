from __future__ import annotations

import pytest

from earshot.settings import SettingsError
from earshot.startup import load
from services.capture.settings import CaptureSettings


def test_defaults_suit_a_live_source() -> None:
    settings = load(CaptureSettings)
    assert (settings.capture_patches_per_chunk, settings.capture_silent_dbfs) == (1, -90.0)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("capture_patches_per_chunk", 0, "from 1 to 64"),
        ("capture_silent_dbfs", 3, "from -120.0 to 0"),
    ],
)
def test_what_makes_no_sense_is_named_with_what_is_allowed(
    name: str, value: float, allowed: str
) -> None:
    with pytest.raises(SettingsError, match=f"EARSHOT_{name.upper()}=.*{allowed}"):
        load(CaptureSettings, **{name: value})
