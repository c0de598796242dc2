"""The bucket of each client, on a clock of the test's own."""

from __future__ import annotations

import pytest

from services.api import limits
from services.api.limits import RateLimit, network_of


class Clock:
    """Stands still until it is told."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def count_until_refused(limit: RateLimit, client: str) -> int:
    for num in range(1000):
        if limit.wait_s(client):
            return num
        limit.count(client)
    raise AssertionError("never refused")


def test_a_quiet_client_may_send_what_two_seconds_allow_at_once() -> None:
    limit = RateLimit(10.0, Clock())
    assert count_until_refused(limit, "a") == 20
    assert limit.wait_s("a") == pytest.approx(0.1)


def test_the_bucket_fills_with_time_up_to_its_size() -> None:
    clock = Clock()
    limit = RateLimit(10.0, clock)
    count_until_refused(limit, "a")

    clock.now_s += 0.5
    assert count_until_refused(limit, "a") == 5
    clock.now_s += 1000
    assert count_until_refused(limit, "a") == 20


def test_each_client_has_a_bucket_of_its_own() -> None:
    limit = RateLimit(1.0, Clock())
    count_until_refused(limit, "a")
    assert limit.wait_s("b") == 0


def test_one_request_is_always_allowed_when_the_rate_is_tiny() -> None:
    limit = RateLimit(0.001, Clock())
    assert count_until_refused(limit, "a") == 1
    assert limit.wait_s("a") == pytest.approx(1000)


def test_the_client_heard_longest_ago_is_forgotten_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_CLIENTS", 2)
    limit = RateLimit(1.0, Clock())
    for client in ("a", "b", "a", "c"):
        count_until_refused(limit, client)
        limit.count(client)
    assert limit.wait_s("b") == 0
    assert limit.wait_s("a") > 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", network_of("2001:db8:1:2::1")),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_client_is_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_ipv6_clients_of_other_networks_are_others() -> None:
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
