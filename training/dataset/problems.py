"""Keeps account of what is left out: said when it is found, counted, and kept for the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console

from training.dataset.stretch import Problem, Stretch
from training.errors import BadInput

_NUM_SHOWN = 20


class Problems:
    """What was left out so far.

    Args:
        console: Where the first of them are said.
        is_strict: Whether the first one ends everything.

    Attributes:
        found: All of them, in order.
    """

    def __init__(self, console: Console, is_strict: bool) -> None:
        self._console, self._is_strict = console, is_strict
        self.found: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """Takes note of one.

        Raises:
            BadInput: Nothing may be left out.
        """
        if self._is_strict:
            raise BadInput(str(problem))
        self.found.append(problem)
        if len(self.found) <= _NUM_SHOWN:
            self._console.print(
                f"left out: {problem}",
                style="yellow",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
        elif len(self.found) == _NUM_SHOWN + 1:
            self._console.print("left out: more, see dataset.json", style="yellow")

    def sift(self, stream: Iterable[Stretch | Problem]) -> Iterator[Stretch]:
        """Yields what can be used, and takes note of the rest.

        Raises:
            BadInput: As `add`.
        """
        for each in stream:
            if isinstance(each, Problem):
                self.add(each)
            else:
                yield each
