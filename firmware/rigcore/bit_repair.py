"""Puts a record right of which one bit has flipped in the flash.

A flipped bit changes the checksum in a way that only depends on how far from the end it is, so the
checksum tells which bit it was.
"""

import binascii
import struct

from .records import BODY_MAX, OVERHEAD, TYPE_ERASED, is_sound

_HEAD_FLIPS = (0,) + tuple(1 << bit for bit in range(16))
_POLYNOMIAL = 0xEDB88320  # of CRC-32, bits reversed


def find(read, room, numbers):
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


def _first_mended(record, numbers):
    for no in numbers:
        mended = mend(record, no)
        if mended is not None:
            return mended
    return None


def mend(record, set_no):
    """The bytes as they were written if none or one of their bits has flipped since, else None.

    A flipped bit changes the checksum in a way that only depends on how far from the end it is.
    """
    wrong = binascii.crc32(record[:-4], set_no) ^ struct.unpack_from("<I", record, len(record) - 4)[0]  # wide
    if wrong == 0:
        return bytes(record)
    bit = _flipped_bit(wrong, len(record) - 4)
    if bit < 0:
        return None
    copy = bytearray(record)
    copy[bit >> 3] ^= 1 << (bit & 7)
    return bytes(copy)


def _flipped_bit(wrong, size):
    """Which bit explains the difference of the checksums of `size` bytes; -1 when none does."""
    if wrong & (wrong - 1) == 0:  # wide
        bit = size * 8  # in the checksum itself
        while wrong > 1:
            wrong >>= 1  # wide
            bit += 1
        return bit
    change = _POLYNOMIAL
    for bit in range(size * 8 - 1, -1, -1):  # bits of a byte: the top one is nearest to the end
        if change == wrong:
            return bit
        change = change >> 1 ^ (_POLYNOMIAL if change & 1 else 0)  # wide
    return -1
