"""Downloads go on where they broke off, and what comes is checked before it is used."""

from __future__ import annotations

import fcntl
import hashlib
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import pytest

from earshot.cli.models.download import PAUSES_S, open_client
from earshot.cli.models.errors import DownloadFailed
from earshot.cli.models.part import open_part
from earshot.cli.models.published_file import get_file
from earshot.vggish.published import OFFICIAL, PublishedFile
from tests.integration.cli.models.mirror import Mirror

CONTENT = bytes(range(256)) * 800
FILE = PublishedFile("a.bin", hashlib.md5(CONTENT).hexdigest(), len(CONTENT))


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
    assert [path.name for path in run.folder.iterdir()] == ["a.bin"]


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


def test_a_part_that_is_whole_is_kept_when_the_server_does_not_say_how_much_is(
    run: Run, mirror: Mirror
) -> None:
    mirror.tells_size = False
    run.folder.mkdir(parents=True)
    run.part.write_bytes(CONTENT)
    assert run().read_bytes() == CONTENT
    assert mirror.ranges == [f"bytes={len(CONTENT)}-"]


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


def test_a_server_without_ranges_that_always_breaks_off_is_given_up(
    run: Run, mirror: Mirror
) -> None:
    mirror.has_ranges = False
    mirror.cuts_after = [60_000, 90_000, *[70_000, 80_000] * 10]
    with pytest.raises(DownloadFailed, match="the same command goes on"):
        run()
    assert [pause_s for pause_s, _ in run.pauses] == [PAUSES_S[0], *PAUSES_S]


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


def test_an_interrupted_download_keeps_what_came(run: Run, mirror: Mirror) -> None:
    def interrupt(num_there: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with open_client() as client, pytest.raises(KeyboardInterrupt):
        get_file(client, mirror.url, FILE, run.folder, interrupt, lambda *_: None)
    num_kept = run.part.stat().st_size
    assert 0 < num_kept <= len(CONTENT)
    assert run().read_bytes() == CONTENT
    assert mirror.ranges[-1] == f"bytes={num_kept}-"


@pytest.fixture
def proxy() -> Iterator[HTTPServer]:
    """Refuses everything, and keeps the first lines of the requests in `asked`."""

    class Handler(BaseHTTPRequestHandler):
        def refuse(self) -> None:
            self.server.asked.append(self.requestline)  # type: ignore[attr-defined]
            self.send_error(403)

        do_CONNECT = do_GET = refuse  # noqa: N815  # the names http.server calls

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("variable", "url", "request_line"),
    [
        ("HTTPS_PROXY", "https://example.invalid/a", "CONNECT example.invalid:443 HTTP/1.1"),
        ("HTTP_PROXY", "http://example.invalid/a", "GET http://example.invalid/a HTTP/1.1"),
    ],
)
def test_the_client_asks_the_proxy(
    proxy: HTTPServer, monkeypatch: pytest.MonkeyPatch, variable: str, url: str, request_line: str
) -> None:
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", variable.lower()):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.server_port}")
    with open_client() as client, suppress(httpx.ProxyError):
        client.get(url)
    assert proxy.asked == [request_line]  # type: ignore[attr-defined]
