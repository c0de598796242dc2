"""Gives commands the system's API, and ends them in one line where it cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from earshot.cli.rest_api import RestApi

EXIT_AWAY = 1


@contextmanager
def asking(url: str | None) -> Iterator[RestApi]:
    """Gives the API to ask; ends the command in one line when it cannot be asked."""
    from earshot.cli.api_errors import ApiAway, ApiRefused
    from earshot.cli.errors import CannotStart
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, say
    from earshot.cli.rest_api import RestApi
    from earshot.cli.running_system import find_api_token, find_api_url
    from earshot.settings import SettingsError

    escape_unencodable()
    try:
        with refuse_in_one_line(ApiRefused, SettingsError):
            yield RestApi(find_api_url(url), find_api_token())
    except (ApiAway, CannotStart) as error:
        say(str(error))
        raise typer.Exit(EXIT_AWAY) from None
