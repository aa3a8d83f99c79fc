"""Frames from the board to the host: COBS between zero bytes, with a CRC-32.

    00 <COBS(type u8, n u16, payload, crc32 u32)> 00        (little-endian)

Text that is not a frame (a banner, a traceback) may stand between frames and is ignored.
COBS: S. Cheshire and M. Baker, IEEE/ACM Trans. Networking 7(2), 1999.
"""

import binascii
import struct

TYPE_ANSWER = 0x41
TYPE_DATA = 0x44
TYPE_TELEMETRY = 0x54

HEAD = "<BH"
HEAD_SIZE = 3
CRC_SIZE = 4


_PIECE = 128  # bytes looked at together: the board's heap may have no longer gap left
_RUN_MAX = 254


def frame(kind, n, *parts, out=None):
    """A complete frame, delimiters included, as a view; the payload is given in parts.

    `out` is a bytearray to build it in, which then holds this frame until the next is built there.
    """
    cobs = Cobs(bytearray() if out is None else out)
    crc = 0
    for part in (struct.pack(HEAD, kind, n),) + parts:
        crc = binascii.crc32(part, crc)
        cobs.add(part)
    cobs.add(struct.pack("<I", crc))
    return cobs.finish()


class Cobs:
    """Encodes into `out` from its start, with a zero byte before and after; `out` grows if it must."""

    def __init__(self, out):
        self._out = out
        out[:2] = b"\0\0"
        self._code = 1  # where the running block's code goes
        self._end = 2

    def add(self, data):
        for low in range(0, len(data), _PIECE):
            runs = bytes(data[low : low + _PIECE]).split(b"\0")
            self._extend(runs[0])
            for run in runs[1:]:
                self._close()
                self._extend(run)

    def finish(self):
        """A view of the whole frame."""
        self._close()
        return memoryview(self._out)[: self._end]

    def _extend(self, run):
        while run:
            room = _RUN_MAX - (self._end - self._code - 1)
            end = self._end + min(room, len(run))
            self._out[self._end : end] = run[:room]
            self._end = end
            run = run[room:]
            if end - self._code > _RUN_MAX:
                self._close()

    def _close(self):
        """End the block: its code says how long it is, a full one stands for no zero."""
        self._out[self._code] = self._end - self._code
        self._out[self._end : self._end + 1] = b"\0"
        self._code = self._end
        self._end += 1
