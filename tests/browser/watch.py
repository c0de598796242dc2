"""What must not happen on a page: errors, and requests to another host."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request


class Watch:
    """Notes faults of a page while a test uses it.

    Args:
        page: The page, before it is opened.
        host: The only host that it may ask.
        foresees: Parts of faults that the test brings about.
    """

    def __init__(self, page: Page, host: str, foresees: tuple[str, ...] = ()) -> None:
        self._host, self._foresees = host, foresees
        self.faults: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(f"page error: {error}"))
        page.on("request", self._look)

    def check(self) -> None:
        """Fails when there was a fault."""
        assert not self.faults, "\n".join(self.faults)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(f"console: {message.text} {message.location.get('url', '')}")

    def _look(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._host:
            self._note(f"request to another host: {request.url}")

    def _note(self, fault: str) -> None:
        if not any(each in fault for each in self._foresees):
            self.faults.append(fault)
