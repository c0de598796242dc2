"""Where bundles lie: `<models_dir>/<name>/<version>/`, the highest version being the newest."""

from __future__ import annotations

from pathlib import Path

from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import CARD_FILE
from earshot.embedding.version_folders import version_folders
from earshot.events.hint import did_you_mean


def newest_bundle(models_dir: Path, name: str) -> Path:
    """Returns the folder of a model's highest version.

    Raises:
        BadBundle: There is none; names what is there.
    """
    folders = versions(models_dir, name)
    if not folders:
        known = sorted({folder.parent.name for folder in all_bundles(models_dir)})
        raise BadBundle(
            f"no model {name!r} in {models_dir}: {', '.join(known) or 'nothing'} there"
            f"{did_you_mean(name, known)}"
        )
    return folders[-1]


def versions(models_dir: Path, name: str) -> list[Path]:
    """Returns the folders of a model's versions, the newest last; none when there is no model.

    A folder without a card is none: its files are still being copied, or it is of another system.
    """
    try:
        return [path for path in version_folders(models_dir / name) if (path / CARD_FILE).is_file()]
    except OSError:
        return []


def all_bundles(models_dir: Path) -> list[Path]:
    """Returns the folders of all versions of all models, by name and then by version."""
    names = sorted(path.name for path in models_dir.glob("*") if not path.name.startswith("."))
    return [folder for name in names for folder in versions(models_dir, name)]
