"""The official messages, and a server that shows what the client really sends."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import grpc
import pytest

from earshot.serving.client import ServingClient


@pytest.fixture(scope="session")
def official() -> SimpleNamespace:
    """Modules of tensorflow-serving-api, and TensorFlow itself as `tf`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's own, at import
        reason = "needs the oracle: uv sync --extra training --group dev"
        tf = pytest.importorskip("tensorflow", reason=reason)
        pytest.importorskip("tensorflow_serving.apis.predict_pb2", reason=reason)
        from tensorflow_serving.apis import (
            get_model_metadata_pb2,
            get_model_status_pb2,
            model_management_pb2,
            predict_pb2,
        )
    return SimpleNamespace(
        tf=tf,
        predict=predict_pb2,
        metadata=get_model_metadata_pb2,
        status=get_model_status_pb2,
        management=model_management_pb2,
    )


class Recorder(grpc.GenericRpcHandler):
    """Answers every call with `reply` and keeps its path and bytes."""

    def __init__(self) -> None:
        self.path = ""
        self.request = b""
        self.reply = b""

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        self.path = details.method
        return grpc.unary_unary_rpc_method_handler(self._record)

    def _record(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        self.request = request
        return self.reply


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def client(recorder: Recorder) -> Iterator[ServingClient]:
    """Our client, which talks to the recorder."""
    server = grpc.server(ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers([recorder])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with ServingClient(f"127.0.0.1:{port}") as running:
        yield running
    server.stop(None).wait()
