"""What goes on is the rest of the same version of the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earshot.cli.models.download import open_client
from earshot.cli.models.errors import DownloadFailed
from earshot.cli.models.published_file import get_file
from tests.integration.cli.models.download.one_file import CONTENT, FILE, Run
from tests.integration.cli.models.mirror import Mirror


@pytest.mark.parametrize(
    ("headers", "mark"),
    [
        ({"ETag": '"1"'}, '"1"'),
        (
            {"ETag": 'W/"1"', "Last-Modified": "Fri, 20 Nov 2026 12:00:00 GMT"},
            "Fri, 20 Nov 2026 12:00:00 GMT",
        ),
        ({"ETag": 'W/"1"'}, None),
    ],
)
def test_the_rest_is_asked_of_the_same_version(
    run: Run, mirror: Mirror, headers: dict[str, str], mark: str | None
) -> None:
    mirror.headers = headers
    mirror.cuts_after = [50_000, 1_000]
    assert run().read_bytes() == CONTENT
    assert mirror.marks == [None, mark, mark]
    assert [path.name for path in run.folder.iterdir()] == ["a.bin"]


def test_another_version_begins_anew(run: Run, mirror: Mirror) -> None:
    (mirror.folder / FILE.name).write_bytes(b"old" + CONTENT)
    mirror.headers = {"ETag": '"old"'}
    mirror.cuts_after = [50_000]

    def publish(pause_s: float, reason: str) -> None:
        (mirror.folder / FILE.name).write_bytes(CONTENT)
        mirror.headers = {"ETag": '"new"'}

    larger = replace(FILE, max_bytes=2 * FILE.max_bytes)
    with open_client() as client:
        get_file(client, mirror.url, larger, run.folder, lambda *_: None, publish)
    assert (run.folder / FILE.name).read_bytes() == CONTENT
    assert mirror.marks == [None, '"old"']


def test_the_mark_of_one_server_is_not_told_to_another(run: Run, mirror: Mirror) -> None:
    mirror.headers = {"ETag": '"1"'}
    mirror.cuts_after = [50_000, *[0] * 5]
    with pytest.raises(DownloadFailed):
        run()
    run.base_url = mirror.url.replace("127.0.0.1", "localhost")
    assert run().read_bytes() == CONTENT
    assert (mirror.ranges[-1], mirror.marks[-1]) == ("bytes=50000-", None)
