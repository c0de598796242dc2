"""Two downloads of one file do not mix."""

from __future__ import annotations

import fcntl
import hashlib
from typing import Any, BinaryIO

import pytest

from earshot.cli.models.errors import DownloadFailed
from earshot.cli.models.part import open_part
from tests.integration.cli.models.download.one_file import CONTENT, FILE, Run


def test_two_downloads_of_one_file_do_not_mix(run: Run) -> None:
    run.folder.mkdir(parents=True)
    with run.part.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(DownloadFailed, match="another process is downloading it"):
            run()


def test_a_part_that_has_become_the_file_meanwhile_is_let_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish_elsewhere(file: object, operation: int) -> None:
        run.part.write_bytes(CONTENT)
        run.part.rename(run.folder / FILE.name)

    monkeypatch.setattr(fcntl, "flock", finish_elsewhere)
    with pytest.raises(DownloadFailed, match="another process is downloading it"):
        run()
    assert (run.folder / FILE.name).read_bytes() == CONTENT


def test_the_part_is_held_while_it_is_checked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.file_digest
    refused = []

    def digest_while_another_tries(content: BinaryIO, algorithm: Any) -> Any:
        with pytest.raises(DownloadFailed, match="another process"), open_part(run.part):
            pass
        refused.append(content.name)
        return digest(content, algorithm)

    monkeypatch.setattr(hashlib, "file_digest", digest_while_another_tries)
    assert run().read_bytes() == CONTENT
    assert refused == [str(run.part)]
