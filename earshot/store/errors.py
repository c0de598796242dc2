"""What can go wrong with the database.

StoreError
├── BadDatabaseUrl     the setting names no database we can use: correct it
├── UnknownSchema      a newer version of the program made the tables: upgrade this one
├── StoreUnavailable   the database cannot be reached, or is busy: wait and try again
├── BadQuery           a filter, cursor or limit makes no sense: correct the request
└── LedgerConflict     somebody else has committed since we read: read again
"""


class StoreError(Exception):
    """Any failure of the database."""


class BadDatabaseUrl(StoreError):
    """The setting names no database we can use."""


class UnknownSchema(StoreError):
    """A newer version of the program made the tables."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, or is busy."""


class BadQuery(StoreError):
    """A filter, a cursor or a limit makes no sense."""


class LedgerConflict(StoreError):
    """Somebody else has committed to this partition since we read."""
