"""A gRPC connection to a model server: its options, its deadline, its errors in our words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import grpc
from google.protobuf.message import Message

from earshot.serving.api import MESSAGE_OPTIONS
from earshot.serving.errors import ModelRefused, ModelUnavailable, ServingError

Reply = TypeVar("Reply", bound=Message)

# No keepalive: a server that does not expect it closes the connection; each call's deadline is the
# protection. A server that comes back is found within 5 s (gRPC's default is 2 minutes). Round
# robin matters where the name stands for several servers (dns:///) and costs nothing elsewhere.
_OPTIONS = (
    *MESSAGE_OPTIONS,
    ("grpc.lb_policy_name", "round_robin"),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 5_000),
)
_UNAVAILABLE = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.CANCELLED,  # by a server that stops
}
_REFUSED = {
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.UNIMPLEMENTED,  # not a model server
}


class Channel:
    """A connection, made by the first call; calls may come from any thread.

    Args:
        target: HOST:PORT, or any gRPC name such as `dns:///models:8500`.
        timeout_s: Deadline of each call.
    """

    def __init__(self, target: str, timeout_s: float) -> None:
        self._target = target
        self._timeout_s = timeout_s
        self._channel = grpc.insecure_channel(target, options=_OPTIONS)

    def method(
        self, service: str, name: str, read: Callable[[bytes], Reply]
    ) -> Callable[[Message], Reply]:
        """A function that calls one method and raises `ServingError` and its kin.

        Args:
            service: Full name of the gRPC service.
            name: The method in it.
            read: Parses the reply.
        """
        remote = self._channel.unary_unary(
            f"/{service}/{name}", request_serializer=_serialize, response_deserializer=read
        )

        def call(request: Message) -> Reply:
            try:
                return remote(request, timeout=self._timeout_s)
            except grpc.RpcError as error:
                raise _translate(error, self._target) from None

        return call

    def close(self) -> None:
        """Ends the connection; calls under way fail."""
        self._channel.close()


def _serialize(message: Message) -> bytes:
    """The same bytes for the same message: maps are written in the order of their keys."""
    return message.SerializeToString(deterministic=True)


def _translate(error: grpc.RpcError, target: str) -> ServingError:
    code = error.code()
    sentence = f"{target}: {code.name}: {error.details()}"
    if code in _UNAVAILABLE:
        return ModelUnavailable(sentence)
    if code in _REFUSED:
        return ModelRefused(sentence)
    return ServingError(sentence)
