"""Downloads go on where they broke off."""

from __future__ import annotations

import pytest

from earshot.cli.models.download import open_client
from earshot.cli.models.published_file import get_file
from tests.integration.cli.models.download.one_file import CONTENT, FILE, Run
from tests.integration.cli.models.mirror import Mirror


def test_cut_connections_go_on_where_they_were(run: Run, mirror: Mirror) -> None:
    mirror.cuts_after = [50_000, 1_000, 0, 70_000]
    assert run().read_bytes() == CONTENT
    assert mirror.ranges == [None, *(f"bytes={n}-" for n in (50_000, 51_000, 51_000, 121_000))]
    # The pauses grow only while nothing comes.
    assert [pause_s for pause_s, _ in run.pauses] == [1.0, 1.0, 2.0, 1.0]
    assert "peer closed connection" in run.pauses[0][1]


def test_a_later_command_goes_on_from_the_part(run: Run, mirror: Mirror) -> None:
    run.folder.mkdir(parents=True)
    run.part.write_bytes(CONTENT[:100_000])
    assert run().read_bytes() == CONTENT
    assert mirror.ranges == ["bytes=100000-"]
    assert run.told[0][0] > 100_000
    assert run.told[-1] == (len(CONTENT), len(CONTENT))


def test_an_interrupted_download_keeps_what_came(run: Run, mirror: Mirror) -> None:
    def interrupt(num_there: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with open_client() as client, pytest.raises(KeyboardInterrupt):
        get_file(client, mirror.url, FILE, run.folder, interrupt, lambda *_: None)
    num_kept = run.part.stat().st_size
    assert 0 < num_kept <= len(CONTENT)
    assert run().read_bytes() == CONTENT
    assert mirror.ranges[-1] == f"bytes={num_kept}-"


def test_a_part_that_is_whole_needs_no_more(run: Run, mirror: Mirror) -> None:
    run.folder.mkdir(parents=True)
    run.part.write_bytes(CONTENT)
    assert run().read_bytes() == CONTENT
    assert mirror.ranges == [f"bytes={len(CONTENT)}-"]


def test_a_part_that_is_whole_is_kept_when_the_server_does_not_say_how_much_is(
    run: Run, mirror: Mirror
) -> None:
    mirror.tells_size = False
    run.folder.mkdir(parents=True)
    run.part.write_bytes(CONTENT)
    assert run().read_bytes() == CONTENT
    assert mirror.ranges == [f"bytes={len(CONTENT)}-"]


def test_a_part_that_is_too_long_begins_anew(run: Run, mirror: Mirror) -> None:
    run.folder.mkdir(parents=True)
    run.part.write_bytes(CONTENT + b"x")
    assert run().read_bytes() == CONTENT
    assert mirror.ranges == [f"bytes={len(CONTENT) + 1}-", None]


def test_a_server_without_ranges_sends_it_all_again(run: Run, mirror: Mirror) -> None:
    mirror.has_ranges = False
    mirror.cuts_after = [60_000]
    assert run().read_bytes() == CONTENT
    assert mirror.ranges == [None, "bytes=60000-"]
