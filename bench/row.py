"""One line of the results: what was measured, the bar it should meet, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measured value.

    Attributes:
        what: What was measured, in words.
        value: What came out.
        unit: Of the value; `×` for ratios.
        bar: The value it should have, None for information.
        at_most: Whether smaller is better.
        digits: Decimals shown.
    """

    what: str
    value: float
    unit: str
    bar: float | None = None
    at_most: bool = True
    digits: int = 2

    @property
    def is_met(self) -> bool:
        if self.bar is None:
            return True
        return self.value <= self.bar if self.at_most else self.value >= self.bar

    def markdown(self) -> str:
        bar = "" if self.bar is None else f"{'≤' if self.at_most else '≥'} {self.bar:g}"
        verdict = "" if self.bar is None else ("met" if self.is_met else "**missed**")
        return f"| {self.what} | {self.value:.{self.digits}f} {self.unit} | {bar} | {verdict} |"
