"""The environment of a demonstration: nothing of a deployment that runs elsewhere."""

from __future__ import annotations

import os

from earshot.settings import ENV_PREFIX, ModelSettings

_KEPT = {ENV_PREFIX + name.upper() for name in ModelSettings.model_fields}


def forget_settings() -> None:
    """Drops the `EARSHOT_*` variables of this process but those that choose the models.

    A database URL, say, would make the demonstration write into somebody's database.
    """
    for name in list(os.environ):
        if name.upper().startswith(ENV_PREFIX) and name.upper() not in _KEPT:
            del os.environ[name]
