from __future__ import annotations

from earshot.cli.supervisor.backoff import LONGEST_S, Backoff


def test_waits_double_up_to_the_longest() -> None:
    backoff = Backoff()
    waits_s = [backoff.wait_s(ran_s=0) for _ in range(8)]
    assert waits_s[:5] == [0.2, 0.4, 0.8, 1.6, 3.2]
    assert waits_s[5:] == [LONGEST_S] * 3


def test_waits_are_short_again_after_a_steady_run() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.wait_s(ran_s=9.9)
    assert backoff.wait_s(ran_s=10.0) == 0.2
    assert backoff.wait_s(ran_s=0.0) == 0.4
