"""Scopes, and the form of a token."""

from __future__ import annotations

import hashlib

import pytest

from earshot.access import (
    Scope,
    all_included,
    new_token,
    parse_token,
    secret_hash,
    token_text,
)

SECRET = "A_-z" * 10 + "abc"


@pytest.mark.parametrize(
    ("scopes", "included"),
    [
        ([], set()),
        (["read"], {"read"}),
        (["ingest"], {"ingest"}),
        (["operate"], {"operate", "read"}),
        (["ingest", "operate"], {"ingest", "operate", "read"}),
        (["admin"], {"read", "ingest", "operate", "admin"}),
    ],
)
def test_a_scope_includes_others(scopes: list[str], included: set[str]) -> None:
    assert all_included(Scope(scope) for scope in scopes) == included


def test_a_new_token_is_parsed_into_what_it_was_made_of() -> None:
    made = [new_token() for _ in range(100)]
    assert len({token_id for token_id, _ in made}) == 100
    assert len({secret for _, secret in made}) == 100
    for token_id, secret in made:
        assert parse_token(token_text(token_id, secret)) == (token_id, secret)


def test_underscores_of_the_secret_belong_to_it() -> None:
    assert parse_token(f"esk_abcd1234_{SECRET}") == ("abcd1234", SECRET)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "esk_",
        f"esk_abcd123_{SECRET}",
        f"esk_ABCD1234_{SECRET}",
        f"ESK_abcd1234_{SECRET}",
        f"esk_abcd1234_{SECRET[1:]}",
        f"esk_abcd1234_{SECRET}x",
        f"esk_abcd1234_{SECRET}\n",
        f" esk_abcd1234_{SECRET}",
        f"esk_abcd1234_{SECRET[1:]}é",
        f"esk_abcd123\u0662_{SECRET}",
        "esk_' OR 1=1_" + SECRET,
        "x" * 10_000,
        "esk_abcd1234_" + "x" * 10_000,
    ],
)
def test_other_texts_are_no_tokens(text: str) -> None:
    assert parse_token(text) is None


def test_the_hash_is_sha_256_of_the_secret() -> None:
    assert secret_hash(SECRET) == hashlib.sha256(SECRET.encode()).hexdigest()
