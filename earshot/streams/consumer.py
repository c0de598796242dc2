"""`@consumer(TOPIC, group=…)`: a plain function becomes a consumer, and stays a plain function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic

from prometheus_client import CollectorRegistry

from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.port import Stage, Streams
from earshot.streams.topic import Topic, TopicMessage
from earshot.streams.worker import LoopOptions, Worker


class Consumer(Generic[TopicMessage]):
    """A function of one message, with the topic and the group it reads for.

    Call it like the function it is (in tests, say), or `run()` it. Start it twice to share the
    work; use another group to get everything again.
    """

    def __init__(
        self,
        function: Callable[[TopicMessage], None],
        topic: Topic[TopicMessage],
        group: str,
    ) -> None:
        self.function, self.topic, self.group = function, topic, group
        self.__doc__ = function.__doc__

    def __call__(self, message: TopicMessage) -> None:
        """Calls the function."""
        self.function(message)

    def run(self, streams: Streams | None = None) -> None:
        """Consumes until SIGTERM or Ctrl-C; by default from the broker the settings name."""
        if streams is None:
            from earshot.broker import connect_from_settings

            streams = connect_from_settings()
        self.worker(streams).run()

    def run_until_idle(self, streams: Streams) -> None:
        """Consumes what is there and returns: for tests."""
        self.worker(streams).run_until_idle()

    def worker(self, streams: Streams) -> Worker:
        """Returns the worker that `run` runs."""
        metrics = LoopMetrics(CollectorRegistry())
        stage = Stage(self.topic, self.group)
        return Worker(streams, stage, self._handle, metrics, LoopOptions(batch_size=16))

    def _handle(self, messages: Sequence[TopicMessage]) -> Sequence[Any]:
        return [self.function(message) for message in messages]


def consumer(
    topic: Topic[TopicMessage], *, group: str
) -> Callable[[Callable[[TopicMessage], None]], Consumer[TopicMessage]]:
    """Returns a decorator that makes a consumer of a function of one message."""

    def decorate(function: Callable[[TopicMessage], None]) -> Consumer[TopicMessage]:
        return Consumer(function, topic, group)

    return decorate
