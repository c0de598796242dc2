from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from earshot.cli.supervisor import ports


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_a_free_port_is_one_that_the_kernel_gives_to_nobody_else() -> None:
    for _ in range(20):
        port = ports.free_port()
        assert port < ports._first_ephemeral()
        assert ports.is_free(port)


def test_a_port_is_not_free_while_somebody_listens(taken: int) -> None:
    assert not ports.is_free(taken)


def test_the_next_free_port_comes_after_those_in_use(taken: int) -> None:
    assert ports.next_free_port(taken) > taken
