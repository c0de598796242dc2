"""CRC32C in numpy: hundreds of megabytes in a second, of one large block or of many small ones.

Castagnoli's polynomial, bits reversed; masked as TensorFlow's files store it (tensorflow
`lib/hash/crc32c.h`). The checksum is linear over GF(2): a block is cut into strips that are worked
off side by side, and the strips' checksums are then joined two by two.
"""

from __future__ import annotations

from collections.abc import Sequence

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
_BYTE_TABLE = _shifted(np.arange(1 << 8, dtype=np.uint32), 8)
_BYTES = _BYTE_TABLE.tolist()


def masked_crc32c(content: bytes | memoryview) -> int:
    """Returns the CRC32C as files store it: rotated right by 15 bits, plus 0xa282ead8.

    Args:
        content: One block of any length.
    """
    content = memoryview(content)
    strip_bytes = len(content) // _NUM_STRIPS & ~1
    in_strips = strip_bytes * _NUM_STRIPS
    crc = _START
    if in_strips:
        words = np.frombuffer(content[:in_strips], "<u2").reshape(_NUM_STRIPS, -1)
        crc = _join(_of_strips(words), strip_bytes)
    for byte in content[in_strips:]:
        crc = _BYTES[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return int(_masked(np.array([crc ^ _START], np.uint32))[0])


def masked_crc32c_of_each(payloads: Sequence[bytes]) -> NDArray[np.uint32]:
    """Returns the masked CRC32C of each payload, computed side by side.

    Args:
        payloads: n byte strings of any lengths, best of similar ones.

    Returns:
        uint32 (n,).
    """
    order = sorted(range(len(payloads)), key=lambda i: len(payloads[i]), reverse=True)
    lengths = np.array([len(payloads[i]) for i in order], np.int64)
    columns = np.zeros((int(lengths.max(initial=0)), len(payloads)), np.uint8)
    for column, i in enumerate(order):
        columns[: lengths[column], column] = np.frombuffer(payloads[i], np.uint8)
    crc = np.full(len(payloads), _START, np.uint32)
    for position, row in enumerate(columns):
        # Sorted by length: the payloads that reach this position are the first `alive` ones.
        alive = int(np.searchsorted(-lengths, -position, side="left"))
        crc[:alive] = _BYTE_TABLE[(crc[:alive] ^ row[:alive]) & 0xFF] ^ (crc[:alive] >> 8)
    in_order = np.empty_like(crc)
    in_order[order] = _masked(crc ^ np.uint32(_START))
    return in_order


def _masked(crc: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (((crc >> 15) | (crc << 17)) + np.uint32(_MASK_DELTA)).astype(np.uint32)


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
