"""What can go wrong with the database.

StoreError
├── BadDatabaseUrl     the setting names no database we can use: correct it
├── UnknownSchema      a newer version of the program made the tables: upgrade this one
├── StoreUnavailable   the database cannot be reached, or is busy: wait and try again
├── BadQuery           a filter, cursor or limit makes no sense: correct the request
├── LedgerConflict     a session is not where we left it: read again
│   └── StateChanged   a device was enabled, disabled or removed meanwhile: work again
├── NoSuchDevice       the device to change is not registered
├── OutdatedVersion    the device has changed since the caller read it: read again
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


class StateChanged(LedgerConflict):
    """A device was enabled, disabled or removed since its sessions were read."""


class NoSuchDevice(StoreError):
    """The device to change is not registered, or not any more."""


class OutdatedVersion(StoreError):
    """The device has changed since the caller read it."""


class LeaseLost(StoreError):
    """The partition is another process's, or may be: nothing was stored."""
