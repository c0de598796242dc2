"""The pages' files with a version that is theirs."""

from __future__ import annotations

from pathlib import Path

from services.api.page_edition import VERSION_CHARACTERS, Editions

KINDS = frozenset({".js"})


def test_an_edition_has_the_files_of_its_kinds(tmp_path: Path) -> None:
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "a.js").write_bytes(b"a")
    (tmp_path / "package.json").write_bytes(b"{}")
    edition = Editions(tmp_path, KINDS).now()
    assert dict(edition.files) == {"views/a.js": b"a"}
    assert len(edition.version) == VERSION_CHARACTERS


def test_there_are_no_files_without_the_folder(tmp_path: Path) -> None:
    assert dict(Editions(tmp_path / "absent", KINDS).now().files) == {}


def test_the_version_changes_with_a_file_and_comes_back_with_it(tmp_path: Path) -> None:
    script, editions = tmp_path / "a.js", Editions(tmp_path, KINDS)
    script.write_bytes(b"first")
    first = editions.now()
    assert editions.now() is first
    script.write_bytes(b"second one")
    assert editions.of(first.version) is first  # without looking: it was asked for just now
    second = editions.now()
    assert second.version != first.version
    assert second.files["a.js"] == b"second one"
    assert editions.of(first.version) is None
    script.write_bytes(b"first")
    assert editions.now() == first
