"""Who may do what over the api: scopes, and what a token looks like. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from enum import StrEnum

LOCAL = "local"  # who changes something without a token, in the log of changes

_ID_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_NUM_ID_CHARACTERS = 8
_NUM_SECRET_BYTES = 32
_FORM = re.compile(r"esk_([a-z0-9]{8})_([A-Za-z0-9_-]{43})", re.ASCII)


class Scope(StrEnum):
    """What a token allows."""

    READ = "read"
    INGEST = "ingest"
    OPERATE = "operate"
    ADMIN = "admin"


_INCLUDED = {
    Scope.OPERATE: frozenset({Scope.OPERATE, Scope.READ}),
    Scope.ADMIN: frozenset(Scope),
}


def all_included(scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Returns these scopes and those they include: `admin` all, `operate` also `read`."""
    return frozenset[Scope]().union(*(_INCLUDED.get(scope, {scope}) for scope in scopes))


def new_token() -> tuple[str, str]:
    """Returns the id and the secret of a new token; the secret has 256 random bits."""
    token_id = "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_NUM_ID_CHARACTERS))
    return token_id, secrets.token_urlsafe(_NUM_SECRET_BYTES)


def token_text(token_id: str, secret: str) -> str:
    """Returns the token as its bearer sends it."""
    return f"esk_{token_id}_{secret}"


def parse_token(text: str) -> tuple[str, str] | None:
    """Returns id and secret of a token as it was sent; None when it is of no such form."""
    match = _FORM.fullmatch(text)
    return (match[1], match[2]) if match else None


def secret_hash(secret: str) -> str:
    """Returns what is stored of a secret: its SHA-256, 64 hexadecimal digits.

    A slow hash protects passwords, which can be guessed; 256 random bits cannot.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
