"""The socket that the api listens on."""

from __future__ import annotations

import socket

from services.api.server import listen


def test_an_answer_waits_for_no_acknowledgement_of_its_headers() -> None:
    with listen("127.0.0.1", 0) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=30)
        connection, _ = listener.accept()
        with client, connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
