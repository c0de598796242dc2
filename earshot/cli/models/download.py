"""Downloads a file over HTTP, again and again from where it broke off, until it is whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import httpx

from earshot.cli.models.errors import DownloadFailed
from earshot.cli.models.part import Part

# Seconds before each further attempt; having more than ever before begins the list anew.
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
    part: Part,
    max_bytes: int,
    on_bytes: OnBytes,
    pause: Pause,
) -> None:
    """Appends to a part until it is all that the server has; what is in it already is kept.

    Args:
        client: See `open_client`.
        url: Of the file.
        part: The file in the making; it stays when this fails or is interrupted.
        max_bytes: What the file has at most; a larger one is removed.
        on_bytes: Called often.
        pause: Waits before another attempt.

    Raises:
        DownloadFailed: The server has no such file or a larger one, or went away for longer than
            all pauses.
        OSError: The disk is full, or the place cannot be written.
    """
    pauses_s = iter(PAUSES_S)
    most_bytes = part.num_bytes
    while True:
        try:
            return _transfer(client, url, part, max_bytes, on_bytes)
        except (httpx.RequestError, _TryAgain) as error:
            reason = str(error) or type(error).__name__
            if part.num_bytes > most_bytes:
                most_bytes, pauses_s = part.num_bytes, iter(PAUSES_S)
            pause_s = next(pauses_s, None)
            if pause_s is None:
                raise DownloadFailed(_gave_up(url, reason, part.num_bytes)) from None
        finally:
            part.flush()
        pause(pause_s, reason)


def _transfer(
    client: httpx.Client, url: str, part: Part, max_bytes: int, on_bytes: OnBytes
) -> None:
    """One request, for what is missing."""
    headers = {"Accept-Encoding": "identity", **part.headers(url)}
    with client.stream("GET", url, headers=headers) as response:
        if _is_whole(response, part.num_bytes):
            return
        _check_status(response, url)
        if not _continues(response, part.num_bytes):
            part.begin(url, response.headers)
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise _TryAgain("the file there is smaller than what came of it before")
        length = response.headers.get("Content-Length")
        total = None if length is None else part.num_bytes + int(length)
        _check_size(url, part, total or 0, max_bytes)
        for chunk in response.iter_raw():
            _check_size(url, part, part.num_bytes + len(chunk), max_bytes)
            part.append(chunk)
            on_bytes(part.num_bytes, total)


def _check_size(url: str, part: Part, num_bytes: int, max_bytes: int) -> None:
    if num_bytes > max_bytes:
        part.remove()
        raise DownloadFailed(
            f"{shown(url)}: more than {max_bytes:,} bytes, so not the published file; removed"
        )


def _is_whole(response: httpx.Response, num_there: int) -> bool:
    """Whether the server says that nothing follows what is there; it need not say how much is."""
    is_beyond = response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE
    whole = f"bytes */{num_there}"
    return is_beyond and response.headers.get("Content-Range", whole) == whole


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
