"""The docs say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from earshot.settings import ENV_PREFIX, DownloadSettings, Settings
from services.api.settings import ApiSettings
from services.capture.settings import CaptureSettings
from services.classifier.settings import ClassifierSettings
from services.features.settings import FeaturesSettings
from services.modelserver.settings import ModelServerSettings
from services.notifier.settings import NotifierSettings

REPOSITORY = Path(__file__).parents[2]
ALL = [
    ApiSettings,
    CaptureSettings,
    ClassifierSettings,
    DownloadSettings,
    FeaturesSettings,
    ModelServerSettings,
    NotifierSettings,
]


@pytest.mark.parametrize("settings_class", ALL, ids=lambda each: each.__name__)
def test_every_setting_is_on_the_settings_page(settings_class: type[Settings]) -> None:
    page = (REPOSITORY / "docs" / "settings.md").read_text()
    names = [f"`{ENV_PREFIX}{name.upper()}`" for name in settings_class.model_fields]
    assert [name for name in names if name not in page] == []


def test_the_example_in_the_readme_is_the_tested_one() -> None:
    example = (REPOSITORY / "examples" / "01_bark_lamp.py").read_text()
    assert example in (REPOSITORY / "README.md").read_text()


def test_decisions_are_short() -> None:
    pages = sorted((REPOSITORY / "docs" / "decisions").glob("[0-9]*.md"))
    assert pages
    assert [page.name for page in pages if len(page.read_text().splitlines()) > 30] == []
