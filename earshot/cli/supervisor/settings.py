"""What a supervised system is told from outside."""

from __future__ import annotations

from earshot.settings import DatabaseSettings, Port, StreamSettings


class UpSettings(StreamSettings, DatabaseSettings):
    """What `earshot up` reads; its processes read the same environment, and more.

    Attributes:
        api_port: Where the api listens; unset, 8080 or the next free port.
    """

    api_port: Port | None = None
