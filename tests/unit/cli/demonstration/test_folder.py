from __future__ import annotations

from pathlib import Path

import pytest

from earshot.cli.demonstration.errors import DemonstrationFailed, Interrupted
from earshot.cli.demonstration.folder import scratch_folder


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_the_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch_folder() as folder:
        (folder / "file").touch()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_stays_and_is_named_when_it_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DemonstrationFailed), scratch_folder() as folder:
        raise DemonstrationFailed
    assert folder.is_dir()
    assert str(folder / "demo.log") in capsys.readouterr().err


def test_the_folder_is_gone_when_it_was_interrupted(tmp_path: Path) -> None:
    with pytest.raises(Interrupted), scratch_folder():
        raise Interrupted
    assert list(tmp_path.iterdir()) == []
