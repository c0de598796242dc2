"""Ends a notifier at the n-th thing it does outside: a broker call, a statement, a commit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event


class Crash(BaseException):
    """What a SIGKILL is to the code: nothing may catch it."""


class CrashPoint:
    """Counts the things done outside, and crashes before or right after one of them.

    Args:
        at: Which one, counted from 1.
        is_after: Whether that one still takes effect, and only its answer is lost.
    """

    def __init__(self, at: int, *, is_after: bool) -> None:
        self._at, self._is_after = at, is_after
        self._count = 0

    def before(self) -> None:
        self._count += 1
        if self._count == self._at and not self._is_after:
            raise Crash

    def after(self) -> None:
        if self._count == self._at and self._is_after:
            raise Crash


class CrashingPort:
    """A broker's port with a crash point in each call; readers made by it have it too."""

    def __init__(self, real: Any, point: CrashPoint) -> None:
        self._real, self._point = real, point

    @property
    def partitions(self) -> int:
        return int(self._real.partitions)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)
        if name == "reader":
            return lambda *arguments: CrashingPort(method(*arguments), self._point)

        def call(*arguments: Any) -> Any:
            self._point.before()
            answer = method(*arguments)
            self._point.after()
            return answer

        return call


def crash_in(engine: Engine, point: CrashPoint) -> None:
    """Puts the crash point into each statement and before each commit of the engine."""

    def statement(*_: Any) -> None:
        point.before()
        point.after()

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", statement)
