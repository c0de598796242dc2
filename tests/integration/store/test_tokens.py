from __future__ import annotations

import json
import time
from dataclasses import replace

from sqlalchemy import Engine, text

from earshot.access import LOCAL, Scope, parse_token, secret_hash
from earshot.store.audit import list_audit
from earshot.store.engine import reading
from earshot.store.tokens import (
    USE_NOTED_EVERY_NS,
    Token,
    create_token,
    find_token,
    has_valid_token,
    list_tokens,
    note_use,
    revoke_token,
)

SCOPES = (Scope.READ, Scope.INGEST)


def make(engine: Engine, name: str = "dashboard", expires_at_ns: int | None = None) -> Token:
    return create_token(engine, name, SCOPES, expires_at_ns, LOCAL)[0]


def test_a_token_is_found_by_its_id_with_all_it_was_made_with(engine: Engine) -> None:
    token, sent = create_token(engine, "küche ☂", [*SCOPES, Scope.READ], 2**60, LOCAL)

    assert find_token(engine, token.id) == token
    assert (token.name, token.scopes, token.expires_at_ns) == ("küche ☂", SCOPES, 2**60)
    parsed = parse_token(sent)
    assert parsed is not None
    assert parsed[0] == token.id
    assert secret_hash(parsed[1]) == token.hash


def test_the_database_holds_no_secret(engine: Engine) -> None:
    token, sent = create_token(engine, "a", SCOPES, None, LOCAL)
    secret = sent.removeprefix(f"esk_{token.id}_")
    with reading(engine) as connection:
        for table in ("tokens", "audit"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert len(rows) == 1
            assert secret not in str(rows)
    assert token.hash not in str(token)


def test_an_unknown_id_finds_nothing(engine: Engine) -> None:
    make(engine)
    assert find_token(engine, "' OR 1=1") is None


def test_tokens_are_listed_in_the_order_in_which_they_were_made(engine: Engine) -> None:
    made = tuple(make(engine, name) for name in "cab")
    assert list_tokens(engine) == made


def test_a_token_is_valid_until_it_expires_or_is_revoked(engine: Engine) -> None:
    token = make(engine, expires_at_ns=100)
    assert token.is_valid(99)
    assert not token.is_valid(100)
    assert not replace(token, revoked_at_ns=1).is_valid(99)
    assert replace(token, expires_at_ns=None).is_valid(2**62)


def test_revoking_again_changes_nothing(engine: Engine) -> None:
    token = make(engine)
    assert revoke_token(engine, token.id, LOCAL)
    first = find_token(engine, token.id)
    assert first is not None
    assert first.revoked_at_ns is not None

    assert revoke_token(engine, token.id, LOCAL)
    assert find_token(engine, token.id) == first
    assert len(list_audit(engine)) == 2


def test_an_unknown_token_cannot_be_revoked(engine: Engine) -> None:
    assert not revoke_token(engine, "unknown", LOCAL)
    assert list_audit(engine) == ()


def test_a_database_has_a_valid_token_only_while_one_is(engine: Engine) -> None:
    assert not has_valid_token(engine)
    make(engine, expires_at_ns=1)
    assert not has_valid_token(engine)
    lasting = make(engine, expires_at_ns=time.time_ns() + 3600 * 10**9)
    assert has_valid_token(engine)
    revoke_token(engine, lasting.id, LOCAL)
    assert not has_valid_token(engine)
    make(engine)
    assert has_valid_token(engine)


def test_use_is_noted_once_a_minute(engine: Engine) -> None:
    token, other = make(engine), make(engine)
    now_ns = 2**60

    for at_ns in (now_ns, now_ns + USE_NOTED_EVERY_NS - 1):
        note_use(engine, token.id, at_ns)
        assert find_token(engine, token.id) == replace(token, last_used_at_ns=now_ns)
    note_use(engine, token.id, now_ns + USE_NOTED_EVERY_NS)

    later_ns = now_ns + USE_NOTED_EVERY_NS
    assert find_token(engine, token.id) == replace(token, last_used_at_ns=later_ns)
    assert find_token(engine, other.id) == other


def test_making_and_revoking_are_in_the_log_of_changes(engine: Engine) -> None:
    token, _ = create_token(engine, "a", SCOPES, 7, "k3v9x2ab")
    revoke_token(engine, token.id, LOCAL)

    newest, oldest = list_audit(engine)
    assert (newest.who, newest.action, newest.subject) == (LOCAL, "token.revoke", token.id)
    assert (oldest.who, oldest.action, oldest.subject) == ("k3v9x2ab", "token.create", token.id)
    told = {"name": "a", "scopes": ["read", "ingest"], "expires_at_ns": 7}
    assert json.loads(json.dumps(oldest.detail)) == told
