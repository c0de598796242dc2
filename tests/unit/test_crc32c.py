"""CRC32C against the vectors of RFC 3720, B.4, and against the definition, bit by bit."""

from __future__ import annotations

import numpy as np
import pytest

from earshot.crc32c import masked_crc32c, masked_crc32c_of_each

PUBLISHED = {
    bytes(32): 0x8A9136AA,
    b"\xff" * 32: 0x62A8AB43,
    bytes(range(32)): 0x46DD794E,
    b"123456789": 0xE3069283,
    b"": 0,
}


def unmasked(crc: int) -> int:
    rotated = (crc - 0xA282EAD8) & 0xFFFFFFFF
    return (rotated >> 17) | (rotated << 15) & 0xFFFFFFFF


def by_definition(content: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


@pytest.mark.parametrize(("content", "crc"), PUBLISHED.items())
def test_the_published_values_are_met(content: bytes, crc: int) -> None:
    assert unmasked(masked_crc32c(content)) == crc


def test_the_published_values_are_met_side_by_side() -> None:
    crcs = masked_crc32c_of_each(list(PUBLISHED))
    assert crcs.dtype == np.uint32
    assert [unmasked(crc) for crc in crcs.tolist()] == list(PUBLISHED.values())
    assert masked_crc32c_of_each([]).shape == (0,)


@pytest.mark.parametrize("num_bytes", [8191, 8192, 8193, 8200, 16_384, 30_001])
def test_blocks_in_strips_are_as_defined(num_bytes: int) -> None:
    content = np.random.default_rng(num_bytes).bytes(num_bytes)
    assert unmasked(masked_crc32c(content)) == by_definition(content)


def test_both_give_the_same_however_long_a_block_is() -> None:
    rng = np.random.default_rng(2)
    payloads = [rng.bytes(num_bytes) for num_bytes in (0, 9000, 1, 8192, 300, 9000)]
    alone = [masked_crc32c(payload) for payload in payloads]
    assert masked_crc32c_of_each(payloads).tolist() == alone


def test_a_block_may_begin_anywhere() -> None:
    content = np.random.default_rng(1).bytes(20_001)
    view = memoryview(b"x" + content)[1:]
    assert masked_crc32c(view) == masked_crc32c(content)
