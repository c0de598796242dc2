"""Tokens as a table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from earshot.store.tokens import Token

_HEADINGS = ("ID", "NAME", "SCOPES", "MADE", "USED", "VALID UNTIL")
_NS_PER_S = 1_000_000_000


def token_table(tokens: Sequence[Token], now_ns: int) -> str:
    """Returns a heading and a line for each token, times in this machine's time zone.

    Args:
        tokens: What to show; their hashes are not.
        now_ns: What counts as expired, UTC nanoseconds.
    """
    rows = [_HEADINGS, *(_row(token, now_ns) for token in tokens)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _row(token: Token, now_ns: int) -> tuple[str, ...]:
    used = "never" if token.last_used_at_ns is None else _moment(token.last_used_at_ns)
    made, scopes = _moment(token.created_at_ns), ", ".join(token.scopes)
    return (token.id, token.name, scopes, made, used, _end(token, now_ns))


def _end(token: Token, now_ns: int) -> str:
    if token.revoked_at_ns is not None:
        return f"revoked {_moment(token.revoked_at_ns)}"
    if token.expires_at_ns is None:
        return "always"
    return f"{'' if token.is_valid(now_ns) else 'expired '}{_moment(token.expires_at_ns)}"


def _moment(moment_ns: int) -> str:
    return f"{datetime.fromtimestamp(moment_ns // _NS_PER_S, UTC).astimezone():%Y-%m-%d %H:%M}"
