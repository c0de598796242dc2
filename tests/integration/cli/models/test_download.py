"""Downloads go on where they broke off, and what comes is checked before it is used."""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from earshot.cli.models.download import PAUSES_S, open_client
from earshot.cli.models.errors import DownloadFailed
from earshot.cli.models.published_file import get_file
from earshot.vggish.published import PublishedFile
from tests.integration.cli.models.mirror import Mirror

CONTENT = bytes(range(256)) * 800
FILE = PublishedFile("a.bin", hashlib.md5(CONTENT).hexdigest())


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / FILE.name).write_bytes(CONTENT)
    with Mirror(folder) as running:
        yield running


class Run:
    """One download, with what it told."""

    def __init__(self, base_url: str, folder: Path) -> None:
        self.base_url, self.folder = base_url, folder
        self.told: list[tuple[int, int | None]] = []
        self.pauses: list[tuple[float, str]] = []
        self.part = folder / "a.bin.part"

    def __call__(self) -> Path:
        with open_client() as client:
            return get_file(
                client,
                self.base_url,
                FILE,
                self.folder,
                lambda *told: self.told.append(told),
                lambda *pause: self.pauses.append(pause),
            )


@pytest.fixture
def run(mirror: Mirror, tmp_path: Path) -> Run:
    return Run(mirror.url + "/", tmp_path / "models" / ".downloads")


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


def test_a_part_that_is_whole_needs_no_more(run: Run, mirror: Mirror) -> None:
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


def test_another_file_is_removed(run: Run, mirror: Mirror) -> None:
    (mirror.folder / FILE.name).write_bytes(CONTENT[:-1] + b"x")
    with pytest.raises(DownloadFailed, match=f"the published file {FILE.md5}; removed"):
        run()
    assert not any(run.folder.iterdir())


def test_two_downloads_of_one_file_do_not_mix(run: Run) -> None:
    run.folder.mkdir(parents=True)
    with run.part.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(DownloadFailed, match="another process is downloading it"):
            run()


def test_an_interrupted_download_keeps_what_came(run: Run, mirror: Mirror) -> None:
    def interrupt(num_there: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with open_client() as client, pytest.raises(KeyboardInterrupt):
        get_file(client, mirror.url, FILE, run.folder, interrupt, lambda *_: None)
    num_kept = run.part.stat().st_size
    assert 0 < num_kept <= len(CONTENT)
    assert run().read_bytes() == CONTENT
    assert mirror.ranges[-1] == f"bytes={num_kept}-"


def test_the_client_knows_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with open_client() as client, pytest.raises(httpx.ConnectError):
        client.get("https://example.invalid/")
