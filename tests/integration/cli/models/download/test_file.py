"""What comes is checked before it is used, and comes once."""

from __future__ import annotations

import pytest

from earshot.cli.models.errors import DownloadFailed
from earshot.vggish.published import OFFICIAL
from tests.integration.cli.models.download.one_file import CONTENT, FILE, Run
from tests.integration.cli.models.mirror import Mirror


def test_a_file_comes_whole(run: Run, mirror: Mirror) -> None:
    path = run()
    assert path.read_bytes() == CONTENT
    assert run.told[-1] == (len(CONTENT), len(CONTENT))
    assert not run.part.exists()
    assert mirror.ranges == [None]


def test_what_is_there_is_not_downloaded_again(run: Run, mirror: Mirror) -> None:
    run()
    run()
    assert mirror.ranges == [None]
    assert [path.name for path in run.folder.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("tells_size", [True, False])
def test_a_file_that_is_too_large_is_given_up_and_removed(
    run: Run, mirror: Mirror, tells_size: bool
) -> None:
    mirror.tells_size = tells_size
    (mirror.folder / FILE.name).write_bytes(CONTENT + b"x")
    with pytest.raises(DownloadFailed, match=r"more than 204,800 bytes, .*; removed$"):
        run()
    assert not any(run.folder.iterdir())
    assert mirror.ranges == [None]
    if tells_size:
        assert run.told == []


def test_the_sizes_of_the_published_files_are_bounded() -> None:
    assert OFFICIAL.pca.max_bytes == 73_020
    assert 290_000_000 < OFFICIAL.checkpoint.max_bytes <= 300 * 2**20


def test_another_file_is_removed(run: Run, mirror: Mirror) -> None:
    (mirror.folder / FILE.name).write_bytes(CONTENT[:-1] + b"x")
    with pytest.raises(DownloadFailed, match=f"the published file {FILE.md5}; removed"):
        run()
    assert not any(run.folder.iterdir())
