"""What can go wrong with the database.

StoreError
├── BadDatabaseUrl     the setting names no database we can use: correct it
├── UnknownSchema      a newer version of the program made the tables: upgrade this one
├── StoreUnavailable   the database cannot be reached, or is busy: wait and try again
├── BadQuery           a filter, cursor or limit makes no sense: correct the request
├── LedgerConflict     a session is not where we left it: read again
└── LeaseLost          another process works on the partition: forget all, and stand by
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
    """A session is not where we left it: it was forgotten, say, or the database restored."""


class LeaseLost(StoreError):
    """The partition is another process's, or may be: nothing was stored."""
