"""Sends a stored set to the host, a frame at a time."""

import struct

from rigcore.framing import TYPE_DATA, frame

DATA_MAX = 240  # bytes of the set in one frame


def data_frames(log, position, offset, length, n):
    """Yields the frames that carry bytes `offset` to `offset + length` of a set."""
    stop = offset + length
    at = 0
    for record in log.iter_set(position):
        start, end = max(offset - at, 0), min(stop - at, len(record))
        for low in range(start, end, DATA_MAX):
            piece = record[low : min(low + DATA_MAX, end)]
            yield frame(TYPE_DATA, n, struct.pack("<I", at + low) + piece)
        at += len(record)
        if at >= stop:
            return
