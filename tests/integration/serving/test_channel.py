"""What each outcome of a call is to the caller, against a gRPC server on loopback."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import grpc
import numpy as np
import pytest

from earshot.serving.client import ServingClient
from earshot.serving.errors import ModelRefused, ModelUnavailable, ServingError

INPUTS = {"x": np.zeros(3, np.float32)}
CODES = {
    grpc.StatusCode.UNAVAILABLE: ModelUnavailable,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ModelUnavailable,
    grpc.StatusCode.CANCELLED: ModelUnavailable,
    grpc.StatusCode.INVALID_ARGUMENT: ModelRefused,
    grpc.StatusCode.NOT_FOUND: ModelRefused,
    grpc.StatusCode.FAILED_PRECONDITION: ModelRefused,
    grpc.StatusCode.UNIMPLEMENTED: ModelRefused,
    grpc.StatusCode.INTERNAL: ServingError,
    grpc.StatusCode.UNKNOWN: ServingError,
}


class Handlers(grpc.GenericRpcHandler):
    """Answers every call with `answer(context)`."""

    def __init__(self) -> None:
        self.answer = lambda context: b""

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        return grpc.unary_unary_rpc_method_handler(lambda _, context: self.answer(context))


@pytest.fixture
def handlers():
    return Handlers()


@pytest.fixture
def target(handlers):
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers([handlers])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.mark.parametrize(
    ("code", "error"), CODES.items(), ids=lambda each: getattr(each, "name", "")
)
def test_code_becomes_an_error_of_ours_when_a_call_fails(target, handlers, code, error):
    handlers.answer = lambda context: context.abort(code, "because of a dog")
    with ServingClient(target) as client, pytest.raises(ServingError) as raised:
        client.predict("demo", INPUTS)
    assert type(raised.value) is error
    assert str(raised.value) == f"{target}: {code.name}: because of a dog"


def test_model_is_unavailable_when_the_deadline_passes(target, handlers):
    release = Event()

    def wait(context: grpc.ServicerContext) -> bytes:
        release.wait(30)
        return b""

    handlers.answer = wait
    with (
        ServingClient(target, timeout_s=0.1) as client,
        pytest.raises(ModelUnavailable, match="DEADLINE_EXCEEDED"),
    ):
        client.predict("demo", INPUTS)
    release.set()


def test_serving_error_when_the_reply_is_no_message(target, handlers):
    handlers.answer = lambda context: b"\xff"
    with ServingClient(target) as client, pytest.raises(ServingError, match="INTERNAL"):
        client.predict("demo", INPUTS)


def test_reply_is_read_when_it_is_larger_than_grpcs_own_limit(target, handlers):
    sent = []
    # An unknown field of 5 MB, as a later server might send: read past, and not refused for size.
    handlers.answer = lambda context: sent.append(1) or b"\x7a\x80\x80\xc0\x02" + bytes(5 * 2**20)
    with ServingClient(target) as client:
        assert client.predict("demo", INPUTS) == ({}, 0)
    assert sent


def test_many_threads_share_one_client_when_they_call_at_once(target, handlers):
    with ServingClient(target) as client, ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: client.predict("demo", INPUTS), range(64)))
    assert replies == [({}, 0)] * 64
