"""Downloads VGGish's files into the models folder, imports them and removes them again."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import httpx

from earshot.cli.models.download import open_client, shown
from earshot.cli.models.download_bar import download_bar
from earshot.cli.models.errors import DownloadFailed
from earshot.cli.models.importing import Files, find_imported
from earshot.cli.models.importing_aloud import import_aloud
from earshot.cli.models.published_file import get_file
from earshot.cli.output import say
from earshot.vggish.published import PublishedFile, Release

# Hidden, so that nobody takes it for a model.
DOWNLOADS = ".downloads"


def pull_vggish(models_dir: Path, base_url: str, release: Release) -> Path:
    """Returns the bundle made of the published files, which are downloaded unless it is there.

    Args:
        models_dir: Folder of the models; downloads wait in a hidden folder of it.
        base_url: Folder that has the files under their names.
        release: Which files.

    Raises:
        DownloadFailed: They cannot be had; what came of them is kept.
        NotImported: The bundle cannot be written.
    """
    if there := find_imported(models_dir, release.checkpoint.md5, release.pca.md5):
        say(f"{there.parent.name}@{there.name} is already in {there}")
        return there
    folder = models_dir / DOWNLOADS
    with open_client() as client:
        # The small file first: a mirror that has it not is found out at once.
        pca = _get(client, base_url, release.pca, folder)
        checkpoint = _get(client, base_url, release.checkpoint, folder)
    imported = import_aloud(models_dir, Files(checkpoint, pca), release)
    checkpoint.unlink(missing_ok=True)  # another process may have been at the same
    pca.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # something of someone else's is in it
        folder.rmdir()
    return imported.directory


def _get(client: httpx.Client, base_url: str, file: PublishedFile, folder: Path) -> Path:
    say(f"getting {file.name} from {shown(base_url)}")
    try:
        with download_bar(file.name) as on_bytes:
            return get_file(client, base_url, file, folder, on_bytes, _pause)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DownloadFailed(f"{folder / file.name}: cannot be written ({reason})") from None


def _pause(pause_s: float, reason: str) -> None:
    say(f"{reason}; trying again in {pause_s:.0f} s")
    time.sleep(pause_s)
