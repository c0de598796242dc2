"""`earshot forget`: deletes all that is kept of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from earshot.cli.asking import asking
from earshot.cli.device_id import device_id

if TYPE_CHECKING:
    from collections import Counter

    from earshot.cli.rest_api import RestApi

EXIT_STOPPED = 1
_WHAT = ("events", "revisions", "embeddings", "coverage", "sessions")
_LEFT = """\
the broker's streams keep what they hold of it until it is trimmed (EARSHOT_GUEST_RETENTION_S, a \
day unless set); whoever was sent its events has them
if it is heard again it registers itself, unless EARSHOT_UNKNOWN_DEVICES=refuse"""


def forget(
    device: Annotated[
        str, typer.Argument(metavar="DEVICE", callback=device_id, help="Which device.")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Without asking.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="What was deleted as a JSON object, for programs.")
    ] = False,
    api: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The system's API; else EARSHOT_API_URL or `earshot up`."),
    ] = None,
) -> None:
    """Deletes all that is kept of a device, for good: events, embeddings, coverage, the device.

    Asks on a terminal; elsewhere it needs --yes. Stopped in the middle, it can be run again. Where
    tokens are needed, it asks for one with the scope `admin`.
    Exit code 1: no API answers, or you said no; 2: nothing is kept of it, or it may not be asked.
    """
    from json import dumps

    from earshot.cli.output import say, write

    if not yes:
        _confirm(device)
    with asking(api) as ask:
        deleted = _forget(ask, device)
    if json:
        write(f"{dumps({'device': device, **deleted})}\n")
    counts = ", ".join(f"{name} {deleted[name]}" for name in _WHAT)
    say(f"{device} is forgotten; deleted: {counts}\n{_LEFT}")


def _confirm(device: str) -> None:
    import sys

    from earshot.cli.output import EXIT_REFUSED, say

    if not sys.stdin.isatty():
        say(f"nobody can be asked here whether to forget {device}: say --yes")
        raise typer.Exit(EXIT_REFUSED)
    question = f"delete for good all that is kept of {device}: events, embeddings, the device?"
    if not typer.confirm(question, err=True):
        say("nothing was deleted")
        raise typer.Exit(EXIT_STOPPED)


def _forget(ask: RestApi, device: str) -> Counter[str]:
    """Deletes as often as there is something left; returns how many of each."""
    from collections import Counter

    from earshot.cli.device_registry import PATH
    from earshot.cli.output import say

    deleted: Counter[str] = Counter()
    while True:
        answer = ask.ask("DELETE", f"{PATH}/{device}/data").json()
        deleted.update({name: answer[name] for name in _WHAT})
        if answer["is_done"]:
            return deleted
        say(f"{deleted['events']} events deleted so far …")
