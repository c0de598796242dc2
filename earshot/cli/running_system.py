"""Where the running system is: what the environment says, or else `earshot up`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from earshot.access import parse_token
from earshot.cli.errors import CannotStart
from earshot.settings import ApiAddressSettings, DatabaseSettings, SettingsError
from earshot.startup import load

STATE_FILE = "up.json"  # written by `earshot up` into its data folder
_REDIS_VARIABLE = "EARSHOT_REDIS_URL"


@dataclass(frozen=True, slots=True)
class RunningSystem:
    """Addresses of a system.

    Attributes:
        redis_url: Its broker.
        api_url: Its API; None when nobody said.
    """

    redis_url: str
    api_url: str | None = None


def find_running_system(use: str = "play into") -> RunningSystem:
    """Returns the system to play into, or what else its use is.

    Raises:
        CannotStart: None is named, and none was started here.
        SettingsError: The settings make no sense.
    """
    if url := os.environ.get(_REDIS_VARIABLE):
        return RunningSystem(url)
    return _started_here(
        f"no system to {use}: start one with `earshot up`, or set {_REDIS_VARIABLE}"
    )


def find_api_url(given: str | None = None) -> str:
    """Returns the REST API to ask: the given one, that of EARSHOT_API_URL, or of `earshot up`.

    Raises:
        CannotStart: None is named, and none was started here.
        SettingsError: The address is none.
    """
    settings = load(ApiAddressSettings, **({} if given is None else {"api_url": given}))
    if settings.api_url is not None:
        return settings.api_url.rstrip("/")
    system = _started_here(
        "no system to ask: start one with `earshot up`, or name its API by --api or EARSHOT_API_URL"
    )
    return str(system.api_url).rstrip("/")


def find_api_token() -> str:
    """Returns the token that the API is asked with, that of EARSHOT_API_TOKEN; empty without one.

    Raises:
        SettingsError: It is no token.
    """
    secret = load(ApiAddressSettings).api_token
    text = "" if secret is None else secret.get_secret_value().strip()
    if text and parse_token(text) is None:  # which is not repeated: it may be most of a secret
        raise SettingsError(
            "EARSHOT_API_TOKEN: must be a token as `earshot token create` prints it: esk_…"
        )
    return text


def _started_here(advice: str) -> RunningSystem:
    """Returns the system of `earshot up`; the advice is for those who have none."""
    file = load(DatabaseSettings).data_dir / STATE_FILE
    try:
        addresses = json.loads(file.read_bytes())
        return RunningSystem(addresses["redis_url"], addresses["api_url"])
    except FileNotFoundError:
        raise CannotStart(f"{advice} ({file} is not there)") from None
    except OSError as error:
        raise CannotStart(f"{file}: cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError) as error:
        raise CannotStart(f"{file}: not written by `earshot up` ({error!r})") from None
