"""A bundle is replaced without a moment in which neither the old nor the new one is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.card import bundle_in_the_making


def make(bundle: Path, text: str) -> None:
    with bundle_in_the_making(bundle) as directory:
        (directory / "model.bin").write_text(text)


def test_a_bundle_is_replaced(tmp_path: Path) -> None:
    make(tmp_path / "small" / "1", "old")
    make(tmp_path / "small" / "1", "new")
    assert (tmp_path / "small" / "1" / "model.bin").read_text() == "new"
    assert [path.name for path in (tmp_path / "small").iterdir()] == ["1"]


def test_the_old_bundle_stays_when_it_is_interrupted_between_two_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "small" / "1"
    make(bundle, "old")
    rename = Path.rename

    def press_ctrl_c(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", press_ctrl_c)
        with pytest.raises(KeyboardInterrupt):
            make(bundle, "new")
    assert (bundle / "model.bin").read_text() == "old"
    assert [path.name for path in bundle.parent.iterdir()] == ["1"]


def test_what_a_killed_process_moved_aside_is_put_back(tmp_path: Path) -> None:
    bundle = tmp_path / "small" / "1"
    make(bundle, "old")
    bundle.rename(tmp_path / "small" / ".1.old")

    def fill_the_disk() -> None:
        with bundle_in_the_making(bundle):
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fill_the_disk()
    assert (bundle / "model.bin").read_text() == "old"
    assert [path.name for path in bundle.parent.iterdir()] == ["1"]
