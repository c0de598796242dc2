"""What a setting's value must look like, each check with the sentence that says what is allowed."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from earshot.length_of_time import seconds_in

_REDIS_SCHEMES = ("redis", "rediss", "unix")
_DATABASE_SCHEMES = ("sqlite", "postgresql+psycopg")
_HTTP_SCHEMES = ("http", "https")


def absolute(path: Path) -> Path:
    """Returns a path that means the same wherever the process is started."""
    return path.expanduser().absolute()


def check_redis_url(url: str) -> str:
    """Returns the URL of a broker. Raises ValueError when it is none."""
    parts = urlsplit(url)
    if parts.scheme not in _REDIS_SCHEMES or not (parts.netloc or parts.path):
        raise ValueError(
            "must look like redis://HOST:PORT/DB, rediss://HOST:PORT/DB or unix://PATH"
        )
    return url


def check_database_url(url: str) -> str:
    """Returns the URL with its driver's name, so that it means the same to every library.

    Raises ValueError when it is of no kind that is supported.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "postgresql":
        return f"postgresql+psycopg://{rest}"
    if url and scheme not in _DATABASE_SCHEMES:
        raise ValueError("must start with sqlite:/// or postgresql://")
    return url


def check_http_url(url: str) -> str:
    """Returns the URL of a folder on the web. Raises ValueError when it is none."""
    parts = urlsplit(url)
    if parts.scheme not in _HTTP_SCHEMES or not parts.hostname or parts.port == 0:
        raise ValueError("must look like https://HOST/FOLDER or http://HOST/FOLDER")
    return url


def check_target(target: str) -> str:
    """Returns HOST:PORT. Raises ValueError when it is none."""
    host, _, port = target.rpartition(":")
    if not host or not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise ValueError("must be HOST:PORT with a port from 1 to 65535")
    return target


def length_s(value: object) -> object:
    """Returns `90d` and the like in seconds; seconds as a number stay what they are."""
    is_number = not isinstance(value, str) or value.strip().isdecimal()
    return value if is_number else seconds_in(str(value))


def lower(value: object) -> object:
    """Returns a word in lower case; anything else as it is."""
    return value.lower() if isinstance(value, str) else value
