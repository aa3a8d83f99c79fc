"""Sends stored sets to the host, a frame at a time."""

import struct

from rigcore import TYPE_CHECKING
from rigcore.framing import PAYLOAD_AT, TYPE_DATA, sealed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rigcore.setlog import SetLog

_HEAD_SIZE = 8


def data_frames(
    log: "SetLog", position: int, offset: int, length: int, frame_bytes: int, n: int, out: bytearray
) -> "Iterator[memoryview]":
    """Yields the frames that carry `length` bytes from `offset` of a set on, going over to the sets that follow.

    All are built in `out`: one must have been sent before the next is asked for.
    """
    first = PAYLOAD_AT + _HEAD_SIZE
    while length > 0 and position < log.index.finished_n():
        piece = log.read_set(position, offset, min(frame_bytes, length))
        size = len(piece)
        if size:
            struct.pack_into("<II", out, PAYLOAD_AT, log.index.no[position], offset)
            out[first : first + size] = piece
            yield sealed(TYPE_DATA, n, out, _HEAD_SIZE + size)
            offset += size
            length -= size
        else:
            position, offset = position + 1, 0
