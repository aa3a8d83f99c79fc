"""Sends stored sets to the host, a frame at a time."""

import struct

from rigcore.framing import TYPE_DATA, frame


def data_frames(log, position, offset, length, frame_bytes, n, out):
    """Yields the frames that carry `length` bytes from `offset` of a set on, going over to the sets that follow.

    All are built in `out`: one must have been sent before the next is asked for.
    """
    while length > 0 and position < log.index.finished_n():
        piece = log.read_set(position, offset, min(frame_bytes, length))
        if len(piece):
            yield frame(TYPE_DATA, n, struct.pack("<II", log.index.no[position], offset), piece, out=out)
            offset += len(piece)
            length -= len(piece)
        else:
            position, offset = position + 1, 0
