"""`earshot token`: who may ask the api, and what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from earshot.access import LOCAL, Scope
from earshot.cli.choice import one_of
from earshot.cli.length_of_time import length_s

if TYPE_CHECKING:
    from sqlalchemy import Engine

EXIT_AWAY = 1
MAX_NAME_CHARACTERS = 64
_NS_PER_S = 1_000_000_000

app = typer.Typer(
    help="Makes, lists and revokes tokens of the API.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _name(text: str) -> str:
    if not (text.strip() and text.isprintable() and len(text) <= MAX_NAME_CHARACTERS):
        raise typer.BadParameter(
            f"{text[:MAX_NAME_CHARACTERS]!r}: 1 to {MAX_NAME_CHARACTERS} printable characters "
            "are allowed"
        )
    return text


def _expires_in_s(text: str | None) -> int | None:
    return None if text is None else length_s(text)


@app.command()
def create(
    name: Annotated[
        str, typer.Argument(metavar="NAME", callback=_name, help="What it is for, in your words.")
    ],
    scope: Annotated[
        list[Scope],
        typer.Option(
            help="What it allows: read; ingest: send sound; operate: read, and change devices; "
            "admin: everything. Repeatable.",
            **one_of(Scope),
        ),
    ],
    expires: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="How long it is valid, such as 90d. Without it, always."),
    ] = None,
) -> None:
    """Makes a token and prints it, this once: only a hash of it is stored.

    Writes to the database that the settings name, and makes its tables if there are none.
    Exit code 1: the database does not answer.
    """
    import time

    from earshot.cli.output import say, write
    from earshot.store.tokens import create_token

    valid_for_s = _expires_in_s(expires)
    expires_at_ns = None if valid_for_s is None else time.time_ns() + valid_for_s * _NS_PER_S
    with _database() as engine:
        token, text = create_token(engine, name, scope, expires_at_ns, LOCAL)
    write(f"{text}\n")
    say(
        f"made token {token.id} ({', '.join(token.scopes)}); it is not shown again: keep it safe\n"
        "send it as `Authorization: Bearer TOKEN`; commands take it from EARSHOT_API_TOKEN"
    )


@app.command("list")
def list_all() -> None:
    """Lists tokens, the oldest first: id, name, scopes, when made, used, valid until.

    Exit code 1: the database does not answer.
    """
    import time

    from earshot.cli.output import write
    from earshot.cli.token_table import token_table
    from earshot.store.tokens import list_tokens

    with _database() as engine:
        tokens = list_tokens(engine)
    write(token_table(tokens, time.time_ns()))


@app.command()
def revoke(
    token_id: Annotated[
        str, typer.Argument(metavar="ID", help="As `earshot token list` shows it.")
    ],
) -> None:
    """Revokes a token: within seconds the API takes it no more.

    Exit code 1: the database does not answer; 2: there is no such token.
    """
    from earshot.cli.output import EXIT_REFUSED, say
    from earshot.store.tokens import revoke_token

    with _database() as engine:
        is_known = "\x00" not in token_id and revoke_token(engine, token_id, LOCAL)
    if not is_known:
        say(f"there is no token with the id {token_id[:80]!r}; `earshot token list` shows them")
        raise typer.Exit(EXIT_REFUSED)
    say(f"token {token_id} is revoked")


@contextmanager
def _database() -> Iterator[Engine]:
    """Gives the settings' database, with the tables of this program."""
    from earshot.cli.output import escape_unencodable, refuse_in_one_line, say
    from earshot.cli.quiet_logs import quiet_logs
    from earshot.settings import DatabaseSettings, SettingsError
    from earshot.startup import load
    from earshot.store.engine import open_engine
    from earshot.store.errors import BadDatabaseUrl, StoreUnavailable, UnknownSchema
    from earshot.store.migrate import migrate

    escape_unencodable()
    with refuse_in_one_line(SettingsError, BadDatabaseUrl, UnknownSchema, OSError):
        settings = load(DatabaseSettings)
        if not settings.database_url:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        engine = open_engine(settings.database)
        try:
            with quiet_logs():
                migrate(engine)
            yield engine
        except StoreUnavailable as error:
            say(str(error))
            raise typer.Exit(EXIT_AWAY) from None
        finally:
            engine.dispose()
