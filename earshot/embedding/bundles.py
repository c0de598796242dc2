"""Where bundles lie: `<models_dir>/<name>/<version>/`, the highest version being the newest."""

from __future__ import annotations

from pathlib import Path

from earshot.embedding.errors import BadBundle


def newest_bundle(models_dir: Path, name: str) -> Path:
    """Returns the folder of a model's highest version.

    Raises:
        BadBundle: There is none; names what is there.
    """
    versions = [path for path in (models_dir / name).glob("*") if path.name.isdecimal()]
    if not versions:
        known = sorted({path.parent.parent.name for path in models_dir.glob("*/*/card.json")})
        raise BadBundle(f"no model {name!r} in {models_dir}: {', '.join(known) or 'nothing'} there")
    return max(versions, key=lambda path: int(path.name))
