"""Sends a stored set to the host, a frame at a time."""

import struct

from rigcore.framing import TYPE_DATA, frame

DATA_MAX = 1024  # bytes of the set in one frame


def data_frames(log, position, offset, length, n):
    """Yields the frames that carry bytes `offset` to `offset + length` of a set."""
    stop = offset + length
    while offset < stop:
        piece = log.read_set(position, offset, min(DATA_MAX, stop - offset))
        if not len(piece):
            return
        yield frame(TYPE_DATA, n, struct.pack("<I", offset) + piece)
        offset += len(piece)
