from __future__ import annotations

import pytest

from earshot.store.engine import open_engine
from earshot.store.errors import BadDatabaseUrl


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://root@host/db", "http://host/"],
)
def test_a_url_of_no_database_we_use_is_refused(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="sqlite:///FILE or postgresql://USER@HOST/DATABASE"):
        open_engine(url)


def test_a_password_stays_out_of_the_message() -> None:
    with pytest.raises(BadDatabaseUrl) as caught:
        open_engine("mysql://root:hunter2@host/db")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_by_psycopg(scheme: str) -> None:
    engine = open_engine(f"{scheme}://me@nowhere/db")

    assert engine.url.drivername == "postgresql+psycopg"
