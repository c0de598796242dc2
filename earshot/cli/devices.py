"""`earshot devices`: which devices there are, and what is said of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from earshot.cli.asking import asking
from earshot.cli.choice import one_of
from earshot.cli.device_id import device_id

app = typer.Typer(
    help="Lists devices, and changes what is said of them. Without a command, lists them all.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Settable(StrEnum):
    """States that a device can be given."""

    ACTIVE = "active"
    DISABLED = "disabled"


class Listed(StrEnum):
    """States that a device can be in."""

    ACTIVE = "active"
    DISABLED = "disabled"
    REMOVED = "removed"


Id = Annotated[str, typer.Argument(metavar="ID", callback=device_id, help="The device.")]
Api = Annotated[
    str | None,
    typer.Option(metavar="URL", help="The system's API; else EARSHOT_API_URL or `earshot up`."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line, for programs.")]
Words = list[str] | None


@app.callback(invoke_without_command=True)
def without_command(context: typer.Context) -> None:
    """Lists devices, and changes what is said of them. Without a command, lists them all."""
    if context.invoked_subcommand is None:
        list_devices()


@app.command("list")
def list_devices(
    site: Annotated[Words, typer.Option(help="At this site. Repeatable.")] = None,
    tag: Annotated[Words, typer.Option(help="With this tag. Repeatable.")] = None,
    state: Annotated[
        list[Listed] | None,
        typer.Option(help="In this state. Repeatable.", show_default=False, **one_of(Listed)),
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="With this in the id, the site or a tag.")
    ] = None,
    json: Json = False,
    api: Api = None,
) -> None:
    """Lists devices: state, site, tags, and when each was last heard.

    Exit code 1: no API answers; 2: it does not take the question.
    """
    from earshot.cli.device_registry import PATH
    from earshot.cli.output import say

    filters = {
        "site": site or [],
        "tag": tag or [],
        "state": [each.value for each in state or []],
        "text": [text] if text else [],
    }
    with asking(api) as ask:
        found = ask.walk(PATH, "devices", filters)
    if not found and not json:
        say("no devices")
    _show(found, json)


@app.command()
def show(device: Id, json: Json = False, api: Api = None) -> None:
    """Shows one device."""
    from earshot.cli.device_registry import PATH

    with asking(api) as ask:
        found = ask.ask("GET", f"{PATH}/{device}").json()
    _show([found], json)


@app.command()
def coverage(
    device: Id,
    since: Annotated[
        str, typer.Option(metavar="TIME", help="The last 90s, 15m, 1h, 2d, at most 31d.")
    ] = "1d",
    json: Json = False,
    api: Api = None,
) -> None:
    """Shows how long a device was heard, and draws when it was not, and why."""
    from datetime import UTC, datetime, timedelta
    from json import dumps
    from urllib.parse import urlencode

    from earshot.cli.coverage_drawing import drawing_of
    from earshot.cli.device_registry import PATH
    from earshot.cli.length_of_time import length_s
    from earshot.cli.output import write

    to = datetime.now(UTC)
    begin = to - timedelta(seconds=length_s(since))
    span = urlencode({"from": begin.isoformat(), "to": to.isoformat()})
    with asking(api) as ask:
        found = ask.ask("GET", f"{PATH}/{device}/coverage?{span}").json()
    write(f"{dumps(found)}\n" if json else drawing_of(found))


@app.command("set")
def set_device(  # noqa: PLR0913, PLR0917 - one argument per option
    device: Id,
    site: Annotated[str | None, typer.Option(help="Where it stands.")] = None,
    tag: Annotated[Words, typer.Option(help="Adds a tag. Repeatable.")] = None,
    untag: Annotated[Words, typer.Option(help="Takes a tag away. Repeatable.")] = None,
    state: Annotated[
        Settable | None,
        typer.Option(help="disabled: what it sends makes no events.", **one_of(Settable)),
    ] = None,
    json: Json = False,
    api: Api = None,
) -> None:
    """Changes what is said of a device; registers it if it is not registered yet."""
    from earshot.cli.device_registry import Change, apply_change
    from earshot.cli.output import say

    change = Change(site, state.value if state else None, tag or (), untag or ())
    with asking(api) as ask:
        changed, is_new = apply_change(ask, device, change)
    if is_new:
        say(f"{device} is newly registered")
    _show([changed], json)


@app.command()
def remove(device: Id, api: Api = None) -> None:
    """Takes a device out of the registry; its events stay.

    If it is heard again, it is a device that nobody has registered. To hear nothing of it any more,
    say `earshot devices set ID --state disabled` instead.
    """
    from earshot.cli.device_registry import PATH
    from earshot.cli.output import say

    with asking(api) as ask:
        ask.ask("DELETE", f"{PATH}/{device}")
    say(f"{device} is removed")


def _show(devices: list[dict[str, object]], is_json: bool) -> None:
    import json

    from earshot.cli.device_table import table_of
    from earshot.cli.output import write

    if is_json:
        write("".join(f"{json.dumps(device)}\n" for device in devices))
    elif devices:
        write(table_of(devices))
