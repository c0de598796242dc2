"""The REST server itself: connections, bodies, refusals, start and stop."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Event

import httpx
import pytest

from services.modelserver.rest_api import MAX_BODY_BYTES


@pytest.fixture
def http(server):
    with httpx.Client(base_url=server.rest, timeout=30) as client:
        yield client


def test_connection_is_kept_when_a_request_is_refused(http):
    for _ in range(3):
        reply = http.post("/plain:predict", content=b"not json")
        assert (reply.status_code, reply.headers.get("connection")) == (400, None)
    assert http.post("/plain:predict", json={"inputs": [[1]]}).status_code == 200


@pytest.mark.parametrize(
    ("header", "value", "code", "sentence"),
    [
        ("Content-Length", MAX_BODY_BYTES + 1, 413, f"at most {MAX_BODY_BYTES} are read"),
        ("Content-Length", "9" * 5000, 411, "Content-Length is missing or no number"),
        ("Content-Length", "-1", 411, "Content-Length is missing or no number"),
        ("Transfer-Encoding", "chunked", 411, "Content-Length is missing or no number"),
    ],
)
def test_body_is_refused_unread_when_it_is_too_large_or_of_unknown_size(
    server, header, value, code, sentence
):
    url = httpx.URL(server.rest)
    connection = HTTPConnection(url.host, url.port, timeout=30)
    connection.putrequest("POST", f"{url.path}/plain:predict")
    connection.putheader(header, value)
    connection.endheaders()
    reply = connection.getresponse()
    assert (reply.status, reply.getheader("connection")) == (code, "close")
    assert sentence in json.load(reply)["error"]
    connection.close()


def test_answer_is_json_when_the_method_is_not_offered(http):
    reply = http.put("/plain", json={})
    assert (reply.status_code, set(reply.json())) == (501, {"error"})


def test_server_goes_on_when_a_caller_hangs_up(http, server):
    port = httpx.URL(server.rest).port
    for start in (
        b"",
        b"nonsense\r\n",
        b"POST /v1/models/plain:predict HTTP/1.1\r\nContent-Length: 9",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(start + b"\r\n\r\n{")
    assert http.get("/plain").status_code == 200


def test_nothing_listens_when_the_port_is_unset(start, bundles, put, tmp_path):
    put(bundles / "plain", tmp_path / "models", "plain", 1)
    server = start(tmp_path / "models", modelserver_rest_port="")
    server.wait_until_serving()
    assert not server.events("rest listening")


def test_start_is_refused_when_the_rest_port_is_taken(start, server, tmp_path):
    port = httpx.URL(server.rest).port
    second = start(tmp_path, modelserver_rest_port=port)
    assert second.process.wait(30) == 2
    assert f"EARSHOT_MODELSERVER_REST_PORT={port}: cannot listen on 127.0.0.1" in second.log()


def test_every_request_is_answered_or_told_to_come_back_when_the_server_stops(
    start, bundles, put, tmp_path, codes
):
    put(bundles / "first", tmp_path / "models", "demo", 1)
    server = start(tmp_path / "models")
    url, body = (
        f"{server.rest}/demo:predict",
        {"inputs": {name: array.tolist() for name, array in codes(4, 30).items()}},
    )
    answered = Event()

    def ask_until_away() -> set[int]:
        seen = set()
        with httpx.Client(timeout=30) as client:
            while True:
                try:
                    seen.add(client.post(url, json=body).status_code)
                except httpx.TransportError:  # nobody listens any more
                    return seen
                answered.set()

    with ThreadPoolExecutor(4) as pool:
        callers = [pool.submit(ask_until_away) for _ in range(4)]
        assert answered.wait(30)
        assert server.stop() == 0
        for caller in callers:
            assert caller.result(30) <= {200, 503}
    assert not server.events("request failed")
