"""`earshot groups`: who reads the streams, how far they are, and who never came back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from earshot.streams.port import Streams

EXIT_AWAY = 1

app = typer.Typer(
    help="Lists who reads the streams, and forgets who no longer does. Without a command, lists.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line, for programs.")]


@app.callback(invoke_without_command=True)
def without_command(context: typer.Context) -> None:
    """Lists who reads the streams, and forgets who no longer does. Without a command, lists."""
    if context.invoked_subcommand is None:
        list_groups()


@app.command("list")
def list_groups(json: Json = False) -> None:
    """Lists the consumer groups of every stream, all partitions of a stream together.

    PENDING: entries delivered and not acknowledged. LAG: not delivered yet. ASKED LAST: when one of
    its consumers last asked for entries; `-`: none is there. TRIMMED PAST: entries that were too
    old to be kept for it. An owner is the system itself: nothing is removed before it is done.
    Exit code 1: the broker does not answer; 2: it refuses.
    """
    import time

    from earshot.cli.group_table import json_lines, table_of
    from earshot.cli.output import say, write
    from earshot.cli.stream_groups import standing_groups

    with _streams() as streams:
        found = standing_groups(streams)
    if json:
        write(json_lines(found))
    elif found:
        write(table_of(found, time.time()))
    else:
        say("no groups: nothing has read a stream yet")


@app.command()
def drop(
    stream: Annotated[str, typer.Argument(metavar="STREAM", help="As the list shows it.")],
    group: Annotated[str, typer.Argument(metavar="GROUP", help="As the list shows it.")],
) -> None:
    """Forgets a guest's group, and how far it was. The stream keeps its entries.

    A consumer of it that still runs makes it anew, and gets everything that is kept once more.
    Exit code 1: the broker does not answer; 2: there is no such group, or it is an owner's.
    """
    from earshot.cli.output import EXIT_REFUSED, say
    from earshot.cli.stream_groups import CannotDrop, drop_group

    with _streams() as streams:
        try:
            dropped = drop_group(streams, stream, group)
        except CannotDrop as error:
            say(str(error))
            raise typer.Exit(EXIT_REFUSED) from None
    say(
        f"{group} is dropped from {stream}, with {dropped.pending} pending and {dropped.lag} unread"
    )


@contextmanager
def _streams() -> Iterator[Streams]:
    """Gives the streams of the running system."""
    from earshot.broker import policy_of
    from earshot.cli.errors import CannotStart
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, say
    from earshot.cli.running_system import find_running_system
    from earshot.settings import SettingsError, StreamSettings
    from earshot.startup import load
    from earshot.streams.errors import BrokerAway, BrokerRefused
    from earshot.streams.redis_streams import RedisStreams

    escape_unencodable()
    with refuse_in_one_line(SettingsError, BrokerRefused):
        try:
            settings = load(StreamSettings, redis_url=find_running_system("ask").redis_url)
            streams = RedisStreams(settings.redis_url, policy_of(settings))
            try:
                yield streams
            finally:
                streams.close()
        except (BrokerAway, CannotStart) as error:
            say(str(error))
            raise typer.Exit(EXIT_AWAY) from None
