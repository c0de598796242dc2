"""From a model's name to its outputs: the one way that gRPC and REST share."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Protocol, TypeVar

from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.serving.v1.predict_pb2 import ModelSpec
from services.modelserver.batching import Batcher
from services.modelserver.errors import CallerGone, Retired
from services.modelserver.lookup import find_servable
from services.modelserver.model import Model, Tensors
from services.modelserver.repository import Repository
from services.modelserver.servable import Servable

T = TypeVar("T")


class Caller(Protocol):
    """Who waits for an answer; gRPC's ServicerContext is one."""

    def time_remaining(self) -> float | None:
        """Seconds until the caller gives up; None when it never does."""
        ...

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """Calls back when the caller is gone or answered; False when it is gone already."""
        ...


def compute(
    repository: Repository, spec: ModelSpec, read: Callable[[Model], Tensors], caller: Caller
) -> tuple[Servable, Tensors]:
    """Computes the outputs of a model, in one batch with whatever else waits.

    Args:
        repository: The models in service.
        spec: The model, version and signature wanted; without a signature `serving_default`.
        read: Gives the inputs, checked against the model that will compute them.
        caller: Who waits.

    Returns:
        The version that answered, and all its outputs.

    Raises:
        RequestError: The request cannot be answered; says why.
    """
    while True:
        servable = find_servable(repository, spec)
        try:
            batcher = _batcher(servable, spec.signature_name or DEFAULT_SIGNATURE, caller)
            inputs = read(batcher.model)
            outputs = batcher.submit(inputs)
        except Retired:  # since it was looked up; its successor is in service already
            continue
        return servable, _wait(outputs, caller)


def _batcher(servable: Servable, signature_name: str, caller: Caller) -> Batcher:
    """Waits for a signature that is first asked for, as long as the caller does."""
    shared = servable.batcher(signature_name)
    return shared.result() if shared.done() else _wait(_follow(shared), caller)


def _follow(shared: Future[T]) -> Future[T]:
    """A future of the caller's own, to cancel without taking the result from the others."""
    own: Future[T] = Future()

    def pass_on(_: Future[T]) -> None:
        if not own.set_running_or_notify_cancel():
            return
        if error := shared.exception():
            own.set_exception(error)
        else:
            own.set_result(shared.result())

    shared.add_done_callback(pass_on)
    return own


def _wait(result: Future[T], caller: Caller) -> T:
    """Waits as long as the caller does; what nobody waits for any more is not computed."""

    def drop() -> None:
        result.cancel()

    if not caller.add_callback(drop):
        drop()
    try:
        return result.result(timeout=caller.time_remaining())
    except (CancelledError, TimeoutError):
        drop()
        raise CallerGone("the caller no longer waits") from None
