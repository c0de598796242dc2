"""A session: one run of one source, and its id, a ULID."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from earshot.audio.params import SAMPLE_RATE_HZ

NS_PER_SAMPLE = 1_000_000_000 // SAMPLE_RATE_HZ  # 62,500: no remainder

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_ULID_CHARACTERS = 26
_RANDOM_BITS = 80


@dataclass(frozen=True, slots=True)
class Session:
    """What all chunks of one run of a source share.

    Attributes:
        device_id: Name of the source, `[A-Za-z0-9._:-]{1,128}`.
        session_id: A ULID.
        started_at_ns: UTC of sample 0, nanoseconds since 1970.
        source_rate_hz: What the source delivers.
    """

    device_id: str
    session_id: str
    started_at_ns: int
    source_rate_hz: int = SAMPLE_RATE_HZ

    def captured_at_ns(self, sample: int) -> int:
        """Returns the UTC of a sample at 16 kHz."""
        return self.started_at_ns + sample * NS_PER_SAMPLE


class SessionIds:
    """Makes ULIDs that grow from call to call, whatever the clock does.

    48 bits of milliseconds and 80 random bits in 26 characters of base 32; when the clock has not
    moved on, the one before plus 1. Source: https://github.com/ulid/spec.

    Args:
        clock_ns: Nanoseconds since 1970.
        random_bits: Returns an integer of so many random bits.
    """

    def __init__(
        self,
        clock_ns: Callable[[], int] = time.time_ns,
        random_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        self._clock_ns = clock_ns
        self._random_bits = random_bits
        self._last = -1

    def __call__(self) -> str:
        """Returns the next id."""
        milliseconds = self._clock_ns() // 1_000_000
        number = milliseconds << _RANDOM_BITS | self._random_bits(_RANDOM_BITS)
        if milliseconds <= self._last >> _RANDOM_BITS:
            number = self._last + 1
        self._last = number
        shifts = range(5 * (_ULID_CHARACTERS - 1), -1, -5)
        return "".join(_ALPHABET[number >> shift & 31] for shift in shifts)
