"""What can go wrong on the streams, and what the caller can do about it.

StreamsError
├── BadMessage        the message itself is wrong: it goes to the dead letters at once
├── DependencyAway    something a handler needs is away: nothing is read until it is back
│   └── BrokerAway    the broker cannot be reached, or is loading: try again
└── BrokerRefused     the broker said no (wrong type, no permission): a person has to look
"""


class StreamsError(Exception):
    """Root of everything the streams raise."""


class BadMessage(StreamsError):
    """The message can never be handled; says why. The loop makes it a dead letter."""


class DependencyAway(StreamsError):
    """A handler's dependency (model server, database) is away. This is no attempt."""


class BrokerAway(DependencyAway):
    """The broker does not answer."""


class BrokerRefused(StreamsError):
    """The broker answered with an error that trying again will not mend."""
