from __future__ import annotations

import os

import pytest

from earshot.cli.demonstration.environment import forget_settings


def test_only_settings_of_the_models_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EARSHOT_DATABASE_URL", "earshot_redis_url", "EARSHOT_API_PORT"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("EARSHOT_MODELS_DIR", "/models")
    monkeypatch.setenv("OTHER", "2")
    forget_settings()
    left = {name for name in os.environ if name.upper().startswith("EARSHOT_")}
    assert left == {"EARSHOT_MODELS_DIR"}
    assert os.environ["OTHER"] == "2"
