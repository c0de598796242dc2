"""How long a server is asked again, and what is said when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from earshot.cli.models.download import PAUSES_S
from earshot.cli.models.errors import DownloadFailed
from tests.integration.cli.models.download.one_file import CONTENT, FILE, Run
from tests.integration.cli.models.mirror import Mirror


def test_a_busy_server_is_asked_again(run: Run, mirror: Mirror) -> None:
    mirror.refusals = [503, 429, 500]
    assert run().read_bytes() == CONTENT
    assert [pause_s for pause_s, _ in run.pauses] == [1.0, 2.0, 4.0]
    assert run.pauses[0][1] == "the server answers 503 Service Unavailable"


def test_a_server_that_stays_away_is_given_up_and_the_part_kept(run: Run, mirror: Mirror) -> None:
    mirror.cuts_after = [90_000] + [0] * 10
    with pytest.raises(DownloadFailed, match=r"0\.1 MB are kept, the same command goes on"):
        run()
    assert run.part.read_bytes() == CONTENT[:90_000]
    assert [pause_s for pause_s, _ in run.pauses] == list(PAUSES_S)


def test_a_server_without_ranges_that_always_breaks_off_is_given_up(
    run: Run, mirror: Mirror
) -> None:
    mirror.has_ranges = False
    mirror.cuts_after = [60_000, 90_000, *[70_000, 80_000] * 10]
    with pytest.raises(DownloadFailed, match="the same command goes on"):
        run()
    assert [pause_s for pause_s, _ in run.pauses] == [PAUSES_S[0], *PAUSES_S]


def test_nobody_there_is_one_sentence(tmp_path: Path) -> None:
    run = Run("http://user:secret@127.0.0.1:1", tmp_path)
    with pytest.raises(DownloadFailed, match=r"^http://127\.0\.0\.1:1/a\.bin: .*refused") as caught:
        run()
    assert "secret" not in str(caught.value)


def test_a_mirror_without_the_file_is_not_asked_twice(run: Run, mirror: Mirror) -> None:
    (mirror.folder / FILE.name).unlink()
    with pytest.raises(DownloadFailed, match=r"/a\.bin: the server answers 404 Not Found"):
        run()
    assert mirror.ranges == [None]
