"""Streams: topics, delivery, the ordered hand-off, and the loop that runs handlers over them."""

from earshot.streams.consumer import Consumer, consumer
from earshot.streams.entry import Delivery, Entry
from earshot.streams.errors import (
    BadMessage,
    BrokerAway,
    BrokerRefused,
    DependencyAway,
    StreamsError,
)
from earshot.streams.port import Answer, Appended, HandOff
from earshot.streams.topic import Topic

__all__ = [
    "Answer",
    "Appended",
    "BadMessage",
    "BrokerAway",
    "BrokerRefused",
    "Consumer",
    "Delivery",
    "DependencyAway",
    "Entry",
    "HandOff",
    "StreamsError",
    "Topic",
    "consumer",
]
