"""The nearest known word, for messages about unknown ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MAX_WORD = 100  # characters; what is longer is no misspelling
MIN_PART = 4  # characters of a word that is taken for a part of a longer one


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Returns `; did you mean 'that'?`, or nothing when no known word is near.

    Near is what differs in a few letters or in case, or else what begins with the word or has it
    inside: `Fire engine` is near `Fire engine, fire truck (siren)`.
    """
    nearest = nearest_word(word, known)
    return f"; did you mean {nearest!r}?" if nearest else ""


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Returns the known word of `did_you_mean`; None when none is near."""
    if len(word) > MAX_WORD:
        return None
    folded = {candidate.casefold(): candidate for candidate in known}
    word = word.casefold()
    near = difflib.get_close_matches(word, folded, n=1)
    if not near and len(word) >= MIN_PART:
        containing = (candidate for candidate in folded if word in candidate)
        near = sorted(containing, key=lambda candidate: (candidate.find(word), len(candidate)))
    return folded[near[0]] if near else None
