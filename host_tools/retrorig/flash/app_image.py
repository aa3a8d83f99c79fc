"""The sums that an application image carries in itself (ESP-IDF, "App Image Format"): a damaged or cut copy shows.

They don't say who made it, as a SHA-256 from elsewhere does.
"""

from __future__ import annotations

import hashlib

_HEADER_SIZE, _SEGMENT_SIZE, _SUM_SIZE = 24, 8, 32
_SEGMENTS_AT, _HAS_HASH_AT = 1, 23
_SEED = 0xEF


def is_intact(app: bytes) -> bool:
    """Whether its checksum is right, and its SHA-256 if it has one."""
    total, end = _SEED, _HEADER_SIZE
    for _ in range(app[_SEGMENTS_AT]):
        start = end + _SEGMENT_SIZE
        end = start + int.from_bytes(app[start - 4 : start], "little")
        total ^= _folded(app[start:end])
    end += 16 - end % 16  # padded, so that the checksum is the last of 16 bytes
    if end > len(app) or app[end - 1] != total:
        return False
    return not app[_HAS_HASH_AT] or app[end : end + _SUM_SIZE] == hashlib.sha256(app[:end]).digest()


def _folded(data: bytes) -> int:
    """All bytes, combined by exclusive or."""
    value = int.from_bytes(data, "little")
    bits = 8 << max(0, (len(data) - 1).bit_length())
    while bits > 8:
        bits //= 2
        value = (value >> bits) ^ (value & ((1 << bits) - 1))
    return value
