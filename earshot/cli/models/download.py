"""Downloads a file over HTTP, again and again from where it broke off, until it is whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeAlias

import httpx

from earshot.cli.models.errors import DownloadFailed

# Seconds before each further attempt; an attempt that brought something begins the list anew.
PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0)
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_TOO_BUSY = (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS)

# Told how many bytes there are, and how many there will be if that is known.
OnBytes: TypeAlias = Callable[[int, int | None], None]
# Waits so many seconds, for a reason.
Pause: TypeAlias = Callable[[float, str], None]


class _TryAgain(Exception):
    """The server may do better next time; the message says what it did."""


def open_client() -> httpx.Client:
    """Returns a client that follows redirections and honours the usual proxy variables."""
    return httpx.Client(timeout=_TIMEOUT, follow_redirects=True)


def download(
    client: httpx.Client,
    url: str,
    part: Path,
    on_bytes: OnBytes,
    pause: Pause,
) -> None:
    """Appends to `part` until it is all that the server has; what is in it already is kept.

    Args:
        client: See `open_client`.
        url: Of the file.
        part: The file in the making; it stays when this fails or is interrupted.
        on_bytes: Called often.
        pause: Waits before another attempt.

    Raises:
        DownloadFailed: The server has no such file, went away for longer than all pauses, or
            another process is downloading it.
        OSError: The disk is full, or the place cannot be written.
    """
    part.parent.mkdir(parents=True, exist_ok=True)
    part.touch()
    with part.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DownloadFailed(f"{part}: another process is downloading it") from None
        pauses_s = iter(PAUSES_S)
        while True:
            num_before = file.seek(0, os.SEEK_END)
            try:
                return _transfer(client, url, file, on_bytes)
            except (httpx.RequestError, _TryAgain) as error:
                reason = str(error) or type(error).__name__
                num_kept = file.seek(0, os.SEEK_END)
                pauses_s = iter(PAUSES_S) if num_kept > num_before else pauses_s
                pause_s = next(pauses_s, None)
                if pause_s is None:
                    raise DownloadFailed(_gave_up(url, reason, num_kept)) from None
            pause(pause_s, reason)


def _transfer(client: httpx.Client, url: str, file: BinaryIO, on_bytes: OnBytes) -> None:
    """One request, for what is missing."""
    num_there = file.tell()
    headers = {"Accept-Encoding": "identity"}
    if num_there:
        headers["Range"] = f"bytes={num_there}-"
    with client.stream("GET", url, headers=headers) as response:
        if _is_whole(response, num_there):
            return
        _check_status(response, url)
        if not _continues(response, num_there):
            file.seek(0)
            file.truncate()
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise _TryAgain("the file there is smaller than what came of it before")
        length = response.headers.get("Content-Length")
        total = None if length is None else file.tell() + int(length)
        for chunk in response.iter_raw():
            file.write(chunk)
            on_bytes(file.tell(), total)


def _is_whole(response: httpx.Response, num_there: int) -> bool:
    """Whether the server says that nothing follows what is there."""
    is_beyond = response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE
    return is_beyond and response.headers.get("Content-Range") == f"bytes */{num_there}"


def _check_status(response: httpx.Response, url: str) -> None:
    code = response.status_code
    if code in _TOO_BUSY or response.is_server_error:
        raise _TryAgain(f"the server answers {code} {response.reason_phrase}")
    if not (response.is_success or code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE):
        raise DownloadFailed(f"{shown(url)}: the server answers {code} {response.reason_phrase}")


def _continues(response: httpx.Response, num_there: int) -> bool:
    """Whether the answer begins where the part ends; a server may send everything again."""
    begins = response.headers.get("Content-Range", "").startswith(f"bytes {num_there}-")
    return response.status_code == httpx.codes.PARTIAL_CONTENT and begins


def shown(url: str) -> str:
    """Returns a URL without user and password, which do not belong on a terminal."""
    return str(httpx.URL(url).copy_with(userinfo=b""))


def _gave_up(url: str, reason: str, num_kept: int) -> str:
    return (
        f"{shown(url)}: {reason}; {num_kept / 1e6:.1f} MB are kept, "
        "the same command goes on from there"
    )
