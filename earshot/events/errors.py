"""What can go wrong between scores and events.

EventsError
├── BadTaxonomy   the taxonomy makes no sense: correct file, line and key that the message names
├── BadLabels     a model's labels file cannot be used: repair the bundle
├── BadScores     scores or levels that no model gives: drop the message
└── BadEvent      not a sound event: drop the message
"""


class EventsError(Exception):
    """Any failure between scores and events."""


class BadTaxonomy(EventsError):
    """The taxonomy makes no sense."""


class BadLabels(EventsError):
    """A model's labels file cannot be used."""


class BadScores(EventsError):
    """Scores or levels that no model gives."""


class BadEvent(EventsError):
    """Not a sound event."""
