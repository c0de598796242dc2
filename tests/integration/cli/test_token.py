"""`earshot token` as a process, and what a real api makes of its tokens."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from earshot.access import Scope, parse_token, secret_hash
from earshot.store.audit import list_audit
from earshot.store.engine import open_engine
from earshot.store.migrate import migrate
from earshot.store.tokens import find_token, list_tokens
from services.api.guard import Access
from tests.integration.api.live_feed import serving
from tests.integration.cli.conftest import WITHIN_S

Token: TypeAlias = Callable[..., tuple[int, str, str]]
DAY_NS = 86_400 * 10**9


@pytest.fixture
def token(earshot_process: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> Token:
    """Runs `earshot token …` with a data folder that is not there yet."""

    def run(*words: str, **environment: str) -> tuple[int, str, str]:
        variables = {"EARSHOT_DATA_DIR": str(tmp_path / "new"), "EARSHOT_DATABASE_URL": ""}
        process = earshot_process(*words, **{**variables, "TZ": "UTC", **environment})
        out, errors = process.communicate(timeout=WITHIN_S)
        assert "Traceback" not in errors
        return process.returncode, out, errors

    return run


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new' / 'earshot.db'}"


def test_a_new_token_is_printed_once_and_stored_as_a_hash(token: Token, database_url: str) -> None:
    code, out, errors = token("token", "create", "wall", "--scope", "read", "--expires", "90d")
    parsed = parse_token(out.strip())
    assert (code, out.count("\n")) == (0, 1)
    assert parsed is not None
    token_id, secret = parsed
    assert f"made token {token_id} (read); it is not shown again" in errors
    assert secret not in errors
    engine = open_engine(database_url)
    stored = find_token(engine, token_id)
    assert stored is not None
    assert stored.expires_at_ns is not None
    assert stored.scopes == (Scope.READ,)
    assert stored.expires_at_ns - stored.created_at_ns == pytest.approx(90 * DAY_NS, rel=1e-3)
    assert secret_hash(secret) == stored.hash
    engine.dispose()


def test_a_token_is_taken_until_it_is_revoked(token: Token, database_url: str) -> None:
    made = token("token", "create", "wall", "--scope", "read", "--scope", "ingest")[1]
    token_id, secret = parse_token(made.strip()) or ("", "")
    engine = open_engine(database_url)
    with serving(engine, None, access=Access(asks_for_tokens=True, cached_for_s=0)) as server:
        events = ("events", "--api", server.url)
        assert token(*events, EARSHOT_API_TOKEN=made) == (0, "", "")
        code, _, errors = token(*events, EARSHOT_API_TOKEN="")
        assert (code, "answers 401: this needs a token" in errors) == (2, True)
        code, out, errors = token("token", "revoke", token_id)
        assert (code, out, errors) == (0, "", f"earshot: token {token_id} is revoked\n")
        code, _, errors = token(*events, EARSHOT_API_TOKEN=made)
        assert (code, "answers 401: the token is not valid" in errors) == (2, True)

    code, out, errors = token("token", "list")
    assert (code, errors) == (0, "")
    heading, line = out.splitlines()
    assert heading.split() == ["ID", "NAME", "SCOPES", "MADE", "USED", "VALID", "UNTIL"]
    assert line.startswith(f"{token_id}  wall  read, ingest  20")
    assert "  revoked 20" in line
    assert secret not in out
    log = [(entry.who, entry.action, entry.subject) for entry in list_audit(engine)]
    assert log == [("local", "token.revoke", token_id), ("local", "token.create", token_id)]
    engine.dispose()


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["create", "a"], "--scope"),
        (["create", "a", "--scope", "write"], "'--scope': 'write' is not one of read, ingest,"),
        (["create", " ", "--scope", "read"], "printable characters"),
        (["create", "a\nb", "--scope", "read"], "printable characters"),
        (["create", "x" * 65, "--scope", "read"], "printable characters"),
        (["create", "a", "--scope", "read", "--expires", "0d"], "more than no time is allowed"),
        (["create", "a", "--scope", "read", "--expires", "soon"], "a length of time"),
        (["revoke", "unknown"], "there is no token with the id 'unknown'"),
    ],
)
def test_a_command_that_makes_no_sense_changes_nothing(
    token: Token, tmp_path: Path, database_url: str, words: list[str], complaint: str
) -> None:
    (tmp_path / "new").mkdir()
    engine = open_engine(database_url)
    migrate(engine)
    code, out, errors = token("token", *words)
    assert (code, out) == (2, "")
    assert complaint in errors
    assert list_tokens(engine) == ()
    engine.dispose()


def test_the_exit_code_is_1_when_the_database_is_away(token: Token, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'absent' / 'earshot.db'}"
    code, out, errors = token("token", "list", EARSHOT_DATABASE_URL=url)
    assert (code, out) == (1, "")
    assert errors.startswith("earshot: database: ")
