"""Why the api does not start beyond loopback before there is a token."""

from __future__ import annotations

from sqlalchemy import Engine

from earshot.settings import SettingsError
from earshot.store.errors import StoreUnavailable
from earshot.store.tokens import has_valid_token
from services.api.settings import ApiSettings


def check_reachable(engine: Engine, settings: ApiSettings) -> None:
    """Returns when the address may be listened on.

    Raises:
        SettingsError: Other machines can reach it, and nobody has a token.
    """
    if settings.is_loopback:
        return
    try:
        if has_valid_token(engine):
            return
        reason = "there is no valid token"
    except StoreUnavailable as error:
        reason = f"no token can be found ({error})"
    raise SettingsError(
        f"EARSHOT_API_HOST={settings.api_host!r}: other machines can reach this address and "
        f"{reason}: make one with `earshot token create NAME --scope read`, or listen on 127.0.0.1"
    )
