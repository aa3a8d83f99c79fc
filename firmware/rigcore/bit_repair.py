"""Repairs records of which one bit has flipped in the flash.

A flipped bit changes the checksum in a way that only depends on how far from the end it is, so the checksum tells
which bit it was: it is run backward, byte by byte, until it is what a single bit of that byte would make.
"""

import binascii
import struct
from array import array

from . import TYPE_CHECKING
from .records import BODY_MAX, OVERHEAD, TYPE_ERASED, is_sound

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD_FLIPS = (0,) + tuple(1 << bit for bit in range(16))
_ALL = 0xFFFFFFFF


def find(
    read: "Callable[[int], bytes | memoryview]", room: int, numbers: "tuple[int, ...]"
) -> "bytes | None":
    """The record at a place as it was written, None when there is none; one flipped bit is mended.

    `read(size)` gives the bytes from there on, `room` how many there can be, `numbers` the sets that the
    record may belong to.
    """
    if room < OVERHEAD:
        return None
    head = struct.unpack("<H", read(2))[0]
    if head >> 12 == TYPE_ERASED:
        return None
    for flip in _HEAD_FLIPS:
        size = ((head ^ flip) & BODY_MAX) + OVERHEAD
        if size <= room:
            record = bytearray(read(size))
            struct.pack_into("<H", record, 0, head ^ flip)
            for no in numbers:
                if is_sound(record, no):
                    return bytes(record)
    size = (head & BODY_MAX) + OVERHEAD
    return _first_mended(bytearray(read(size)), numbers) if size <= room else None


def _first_mended(record: bytearray, numbers: "tuple[int, ...]") -> "bytes | None":
    for no in numbers:
        mended = mend(record, no)
        # The number enters the checksum as the first four bytes do: a wrong one looks like a flipped bit of the head.
        if mended is not None and mended[:2] == record[:2]:
            return mended
    return None


def mend(record: "bytes | bytearray", set_no: int) -> "bytes | None":
    """The bytes as they were written if none or one of their bits has flipped since, else None."""
    wrong = binascii.crc32(record[:-4], set_no) ^ struct.unpack_from("<I", record, len(record) - 4)[0]  # wide
    if wrong == 0:
        return bytes(record)
    bit = _flipped_bit(wrong, len(record) - 4)
    if bit < 0:
        return None
    copy = bytearray(record)
    copy[bit >> 3] ^= 1 << (bit & 7)
    return bytes(copy)


def _flipped_bit(wrong: int, size: int) -> int:
    """Which bit explains the difference of the checksums of `size` bytes; -1 when none does."""
    if wrong & (wrong - 1) == 0:  # wide
        bit = size * 8  # in the checksum itself
        while wrong > 1:
            wrong >>= 1  # wide
            bit += 1
        return bit
    high, low = wrong >> 16, wrong & 0xFFFF  # wide: halves, as words of 32 bits would each take heap
    highs, lows, first_bytes = _tables()
    single = {highs[1 << bit]: bit for bit in range(8)}
    for place in range(size - 1, -1, -1):
        if high in single and lows[1 << single[high]] == low:
            return place * 8 + single[high]
        byte = first_bytes[high >> 8]
        high ^= highs[byte]
        low ^= lows[byte]
        high = (high & 0xFF) << 8 | low >> 8
        low = (low & 0xFF) << 8 | byte
    return -1


def _tables() -> "tuple[array[int], array[int], bytearray]":
    """What each byte adds to the checksum, in upper and lower halves, and which byte has a given top."""
    highs, lows, first_bytes = array("H", [0] * 256), array("H", [0] * 256), bytearray(256)
    for byte in range(256):
        word = binascii.crc32(bytes((byte,)), _ALL) ^ _ALL  # wide
        highs[byte], lows[byte] = word >> 16, word & 0xFFFF  # wide
        first_bytes[word >> 24] = byte  # wide
    return highs, lows, first_bytes
