"""Tokens of the api: made, looked up, listed and revoked. Secrets are stored as hashes alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from sqlalchemy import Engine, RowMapping, Select, func, insert, or_, select, update

from earshot.access import Scope, new_token, secret_hash, token_text
from earshot.store import audit
from earshot.store.engine import reading, writing
from earshot.store.tables import tokens

USE_NOTED_EVERY_NS = 60 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the database knows it. Times are UTC nanoseconds.

    Attributes:
        id: Its public part.
        name: What it is for, in its maker's words.
        scopes: What it allows, without what these include.
        hash: See `earshot.access.secret_hash`.
        created_at_ns: When it was made.
        expires_at_ns: From when on it is no longer valid; None: never.
        last_used_at_ns: When it was used last, to the minute; None: never.
        revoked_at_ns: When it was revoked; None: it was not.
    """

    id: str
    name: str
    scopes: tuple[Scope, ...]
    hash: str = field(repr=False)
    created_at_ns: int
    expires_at_ns: int | None = None
    last_used_at_ns: int | None = None
    revoked_at_ns: int | None = None

    def is_valid(self, now_ns: int) -> bool:
        """Returns whether it is neither revoked nor expired."""
        is_expired = self.expires_at_ns is not None and self.expires_at_ns <= now_ns
        return self.revoked_at_ns is None and not is_expired


def create_token(
    engine: Engine, name: str, scopes: Sequence[Scope], expires_at_ns: int | None, who: str
) -> tuple[Token, str]:
    """Makes a token and notes it in the log of changes.

    Args:
        engine: The database.
        name: What it is for.
        scopes: What it allows.
        expires_at_ns: See `Token`.
        who: See `audit.record`.

    Returns:
        The token, and its text, which cannot be had again.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    token_id, secret = new_token()
    unique = tuple(dict.fromkeys(scopes))
    token = Token(
        token_id, name, unique, secret_hash(secret), time.time_ns(), expires_at_ns=expires_at_ns
    )
    row = {each.name: getattr(token, each.name) for each in fields(Token)}
    told = {"name": name, "scopes": list(unique), "expires_at_ns": expires_at_ns}
    with writing(engine) as connection:
        connection.execute(insert(tokens).values({**row, "scopes": list(unique)}))
        audit.record(connection, who, "token.create", token_id, told)
    return token, token_text(token_id, secret)


def list_tokens(engine: Engine) -> tuple[Token, ...]:
    """Returns all tokens, revoked and expired ones too, the oldest first.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    return _fetch(engine, select(tokens).order_by(tokens.c.created_at_ns, tokens.c.id))


def find_token(engine: Engine, token_id: str) -> Token | None:
    """Returns the token with this id, valid or not.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    found = _fetch(engine, select(tokens).where(tokens.c.id == token_id))
    return found[0] if found else None


def has_valid_token(engine: Engine) -> bool:
    """Returns whether anybody has a token that is neither revoked nor expired.

    Raises:
        StoreUnavailable: The database does not answer, or has no tables yet.
    """
    expires_at_ns = tokens.c.expires_at_ns
    is_not_expired = or_(expires_at_ns.is_(None), expires_at_ns > time.time_ns())
    valid = select(tokens).where(tokens.c.revoked_at_ns.is_(None), is_not_expired)
    return bool(_fetch(engine, valid.limit(1)))


def note_use(engine: Engine, token_id: str, now_ns: int) -> None:
    """Notes that the token is in use, unless that was noted less than a minute ago.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    last_ns = func.coalesce(tokens.c.last_used_at_ns, 0)
    is_due = last_ns <= now_ns - USE_NOTED_EVERY_NS
    statement = update(tokens).where(tokens.c.id == token_id, is_due)
    with writing(engine) as connection:
        connection.execute(statement.values(last_used_at_ns=now_ns))


def revoke_token(engine: Engine, token_id: str, who: str) -> bool:
    """Revokes a token and notes it in the log of changes; one revoked before stays as it is.

    Returns:
        Whether there is such a token.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    mine = tokens.c.id == token_id
    revoke = update(tokens).where(mine, tokens.c.revoked_at_ns.is_(None))
    with writing(engine) as connection:
        changed = connection.execute(revoke.values(revoked_at_ns=time.time_ns()))
        if changed.rowcount:
            audit.record(connection, who, "token.revoke", token_id, {})
        return connection.execute(select(tokens.c.id).where(mine)).first() is not None


def _fetch(engine: Engine, statement: Select[tuple[object, ...]]) -> tuple[Token, ...]:
    with reading(engine) as connection:
        return tuple(_token(row) for row in connection.execute(statement).mappings())


def _token(row: RowMapping) -> Token:
    values = {each.name: row[each.name] for each in fields(Token)}
    return Token(**{**values, "scopes": tuple(Scope(scope) for scope in row["scopes"])})
