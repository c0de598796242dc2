"""A published file: downloaded if it is not there yet, and checked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx

from earshot.cli.models.download import OnBytes, Pause, download, shown
from earshot.cli.models.errors import DownloadFailed
from earshot.cli.models.part import open_part
from earshot.vggish.published import PublishedFile

PART = ".part"


def get_file(
    client: httpx.Client,
    base_url: str,
    file: PublishedFile,
    folder: Path,
    on_bytes: OnBytes,
    pause: Pause,
) -> Path:
    """Returns the file's path in a folder, once its checksum is the published one.

    Args:
        client: See `download.open_client`.
        base_url: Folder that has the file under its name.
        file: Which.
        folder: Where it goes; made when missing.
        on_bytes: See `download`.
        pause: See `download`.

    Raises:
        DownloadFailed: As `download` and `open_part`, or what came is not the published file; it
            is removed.
        OSError: The disk is full, or the place cannot be written.
    """
    path = folder / file.name
    url = f"{base_url.rstrip('/')}/{file.name}"
    with open_part(path.with_name(file.name + PART)) as part:
        if path.is_file() and _md5(path) == file.md5:
            part.remove()
            return path
        download(client, url, part, file.max_bytes, on_bytes, pause)
        md5 = _md5(part.path)
        if md5 != file.md5:
            part.remove()
            raise DownloadFailed(
                f"{shown(url)}: what came has the MD5 {md5}, the published file {file.md5}; removed"
            )
        part.become(path)
    return path


def _md5(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
