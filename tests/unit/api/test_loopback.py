"""What counts as this machine."""

from __future__ import annotations

import pytest

from services.api.loopback import names_loopback


@pytest.mark.parametrize(
    "authority", ["localhost", "LocalHost:8080", "127.0.0.1", "127.9.9.9:1", "[::1]", "[::1]:8080"]
)
def test_a_host_header_of_this_machine_is_known(authority: str) -> None:
    assert names_loopback(authority)


@pytest.mark.parametrize(
    "authority",
    [
        "",
        "evil.example",
        "127.0.0.1.evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1@evil.example",
        "evil.example/127.0.0.1",
        "[::1",
        "0.0.0.0",
        "2130706433",
        "☂",
        "x" * 10_000,
    ],
)
def test_another_host_header_is_not(authority: str) -> None:
    assert not names_loopback(authority)
