"""Ids of stream entries: `<milliseconds>-<number>`, totally ordered, growing along a stream."""

from __future__ import annotations

import re
from typing import NamedTuple

_TEXT = re.compile(r"([0-9]{1,20})-([0-9]{1,20})", re.ASCII)
_MAX_PART = 2**64 - 1


class EntryId(NamedTuple):
    """Where an entry stands in its stream; compares as the broker does.

    Attributes:
        ms: The broker's clock when the entry was added, milliseconds since 1970.
        number: Counts the entries of that millisecond.
    """

    ms: int
    number: int

    @classmethod
    def parse(cls, text: str) -> EntryId:
        """Returns the id that `str` wrote. Raises ValueError when the text is none."""
        match = _TEXT.fullmatch(text)
        if match is None or max(parts := (int(match[1]), int(match[2]))) > _MAX_PART:
            raise ValueError("an entry id looks like 1777593600000-0")
        return cls(*parts)

    @property
    def before(self) -> EntryId:
        """The last id that is less; of the very first one, itself."""
        if self.number:
            return EntryId(self.ms, self.number - 1)
        return EntryId(self.ms - 1, _MAX_PART) if self.ms else self

    def __str__(self) -> str:
        return f"{self.ms}-{self.number}"


BEGINNING = EntryId(0, 0)
"""Before the first entry of every stream: no entry has this id."""
