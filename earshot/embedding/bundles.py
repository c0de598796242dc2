"""Where bundles lie: `<models_dir>/<name>/<version>/`, the highest version being the newest."""

from __future__ import annotations

from pathlib import Path

from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import CARD_FILE
from earshot.events.hint import did_you_mean


def newest_bundle(models_dir: Path, name: str) -> Path:
    """Returns the folder of a model's highest version.

    Raises:
        BadBundle: There is none; names what is there.
    """
    folders = versions(models_dir, name)
    if not folders:
        known = sorted({path.parent.parent.name for path in models_dir.glob(f"*/*/{CARD_FILE}")})
        raise BadBundle(
            f"no model {name!r} in {models_dir}: {', '.join(known) or 'nothing'} there"
            f"{did_you_mean(name, known)}"
        )
    return folders[-1]


def versions(models_dir: Path, name: str) -> list[Path]:
    """Returns the folders of a model's versions, the newest last; none when there is no model."""
    folders = [
        path
        for path in (models_dir / name).glob("*")
        if path.name.isascii() and path.name.isdecimal()
    ]
    return sorted(folders, key=lambda path: int(path.name))


def all_bundles(models_dir: Path) -> list[Path]:
    """Returns the folders of all versions of all models, by name and then by version."""
    names = sorted(path.name for path in models_dir.glob("*") if not path.name.startswith("."))
    return [folder for name in names for folder in versions(models_dir, name)]
