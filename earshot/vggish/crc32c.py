"""CRC32C of large blocks in numpy: hundreds of megabytes in a second.

The checksum is linear over GF(2): a block is cut into strips that are worked off side by side, and
the strips' checksums are then joined two by two. Castagnoli's polynomial, bits reversed; the mask
is that of tensorflow `lib/hash/crc32c.h`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0x82F63B78
_START = 0xFFFFFFFF  # the checksum begins, and is inverted at the end, with all ones
_MASK_DELTA = 0xA282EAD8
_NUM_STRIPS = 4096  # a power of two; their next words lie in the cache together
_BITS = np.arange(32, dtype=np.uint32)


def _shifted(states: NDArray[np.uint32], num_bits: int) -> NDArray[np.uint32]:
    """Returns what so many zero bits make of states."""
    for _ in range(num_bits):
        carried = np.where(states & 1, np.uint32(_POLYNOMIAL), np.uint32(0))
        states = np.bitwise_xor(states >> 1, carried, dtype=np.uint32)
    return states


_WORD_TABLE = _shifted(np.arange(1 << 16, dtype=np.uint32), 16)
_BYTE_TABLE = _shifted(np.arange(1 << 8, dtype=np.uint32), 8).tolist()


def masked_crc32c(content: memoryview) -> int:
    """Returns the CRC32C as files store it: rotated right by 15 bits, plus 0xa282ead8."""
    crc = _crc32c(content)
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def _crc32c(content: memoryview) -> int:
    strip_bytes = len(content) // _NUM_STRIPS & ~1
    in_strips = strip_bytes * _NUM_STRIPS
    crc = _START
    if in_strips:
        words = np.frombuffer(content[:in_strips], "<u2").reshape(_NUM_STRIPS, -1)
        crc = _join(_of_strips(words), strip_bytes)
    for byte in content[in_strips:]:
        crc = _BYTE_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ _START


def _of_strips(words: NDArray[np.uint16]) -> NDArray[np.uint32]:
    """Returns the state after each strip, uint32 (n,); the first begins with all ones."""
    crc = np.zeros(len(words), np.uint32)
    crc[0] = _START
    for column in words.T:
        crc = _WORD_TABLE[(crc ^ column) & 0xFFFF] ^ (crc >> 16)
    return crc


def _join(crc: NDArray[np.uint32], strip_bytes: int) -> int:
    """Returns the state after all strips: before + strip = (before, then zeros) xor strip."""
    operator = _append_zeros(strip_bytes)
    while len(crc) > 1:
        crc = _apply(operator, crc[0::2]) ^ crc[1::2]
        operator = _apply(operator, operator)
    return int(crc[0])


def _append_zeros(num_bytes: int) -> NDArray[np.uint32]:
    """Returns what `num_bytes` zero bytes make of each of the 32 bits of a state, by squaring."""
    result = np.uint32(1) << _BITS  # leaves every state as it is
    power = _shifted(result, 8)  # one byte
    while num_bytes:
        if num_bytes & 1:
            result = _apply(power, result)
        power = _apply(power, power)
        num_bytes >>= 1
    return result


def _apply(operator: NDArray[np.uint32], states: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Returns the image of each state: the images of its bits, added up without carry."""
    chosen = np.where((states[:, np.newaxis] >> _BITS) & 1, operator, np.uint32(0))
    image: NDArray[np.uint32] = np.bitwise_xor.reduce(chosen, axis=1)
    return image
