"""`earshot events`: what was heard, and with `--follow` what is heard now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from earshot.cli.device_id import device_id
from earshot.cli.length_of_time import length_s

EXIT_AWAY = 1
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells count
LIMIT = 20


def _since(text: str | None) -> str | None:
    """Returns the moment that long ago, RFC 3339."""
    if text is None:
        return None
    return (datetime.now(UTC) - timedelta(seconds=length_s(text))).strftime("%Y-%m-%dT%H:%M:%SZ")


def _device_ids(texts: list[str] | None) -> list[str]:
    for text in texts or []:
        device_id(text)
    return texts or []


def events(  # noqa: PLR0913, PLR0917 - one argument per option
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what is heard now, until Ctrl-C.")
    ] = False,
    device: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", callback=_device_ids, help="Heard by this device. Repeatable."),
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="With this label. Repeatable.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", callback=_since, help="All of the last 90s, 15m, 1h, 2d, 1w."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=100_000,
            help=f"The newest so many. Default: {LIMIT}; with --since, all.",
            show_default=False,
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object per line, for programs.")
    ] = False,
    api: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The system's API; else EARSHOT_API_URL or `earshot up`."),
    ] = None,
) -> None:
    """Lists events, the newest at the end: begin, device, label, state, duration, highest score.

    Times are those of this machine's time zone. With --follow every change of an event is a line:
    it started, was updated, ended.
    Exit code 1: no API answers; 2: it does not take the question; 130: stopped by Ctrl-C.
    """
    from earshot.cli.api_errors import ApiAway, ApiRefused
    from earshot.cli.errors import CannotStart
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, say
    from earshot.cli.running_system import find_api_token, find_api_url
    from earshot.cli.watching.event_api import EventApi, Wanted
    from earshot.cli.watching.revisions import json_line, line
    from earshot.cli.watching.watch import Watch
    from earshot.settings import SettingsError

    escape_unencodable()
    if limit is None and since is None:
        limit = LIMIT
    try:
        with refuse_in_one_line(ApiRefused, SettingsError):
            wanted = Wanted(tuple(device or ()), tuple(label or ()))
            watch = Watch(
                EventApi(find_api_url(api), wanted, find_api_token()),
                json_line if json else line,
                limit,
                since,
            )
            if follow:
                watch.follow()
            watch.show_past()
    except (ApiAway, CannotStart) as error:
        say(str(error))
        raise typer.Exit(EXIT_AWAY) from None
    except KeyboardInterrupt:
        raise typer.Exit(EXIT_INTERRUPTED) from None
