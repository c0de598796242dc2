"""The models folder that a command works on."""

from __future__ import annotations

from pathlib import Path

from earshot.settings import ModelSettings
from earshot.startup import load


def model_settings(models_dir: Path | None) -> ModelSettings:
    """Reads the settings; the folder given as an option wins.

    Raises:
        SettingsError: A variable makes no sense.
    """
    return load(ModelSettings, **({} if models_dir is None else {"models_dir": models_dir}))
