import pytest

from services.modelserver.version_folder import find_versions


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    return path


def test_versions_are_listed_newest_first_when_they_are_integers(tmp_path):
    for name in ("1", "10", "9"):
        touch(tmp_path / "demo" / name / "saved_model.pb")
    for other in ("1.tmp", "v2", ".3", "-4", "²", "tmp"):
        touch(tmp_path / "demo" / other / "saved_model.pb")
    touch(tmp_path / "demo" / "7")
    assert [each.number for each in find_versions(tmp_path)["demo"]] == [10, 9, 1]


def test_embedder_bundles_are_left_out_when_they_share_the_folder(tmp_path):
    touch(tmp_path / "vggish-compact" / "1" / "model.xml")
    touch(tmp_path / "demo" / "1" / "saved_model.pb")
    assert list(find_versions(tmp_path)) == ["demo"]


def test_version_is_listed_when_it_is_still_being_copied(tmp_path):
    touch(tmp_path / "demo" / "2" / "variables" / "variables.index")
    assert [each.number for each in find_versions(tmp_path)["demo"]] == [2]


def test_files_and_empty_folders_are_no_models_when_listed(tmp_path):
    touch(tmp_path / "README.md")
    (tmp_path / "empty").mkdir()
    assert find_versions(tmp_path) == {}


def test_fingerprint_changes_when_a_file_grows(tmp_path):
    path = touch(tmp_path / "demo" / "1" / "variables" / "variables.index")
    (version,) = find_versions(tmp_path)["demo"]
    before = version.fingerprint()
    assert version.fingerprint() == before
    path.write_text("more")
    assert version.fingerprint() != before


def test_os_error_when_there_is_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        find_versions(tmp_path / "absent")
