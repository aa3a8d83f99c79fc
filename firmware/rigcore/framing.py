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
PAYLOAD_AT = 5  # in the buffer of a frame, after delimiter, first code and head
_BLOCK_MAX = 255  # bytes of a COBS block with its code


def room(size: int) -> int:
    """Bytes that a buffer needs for the frame of a payload of `size` bytes."""
    return size + 12 + size // 254


def frame(kind: int, n: int, payload: bytes) -> memoryview:
    """A complete frame, delimiters included."""
    out = bytearray(room(len(payload)))
    out[PAYLOAD_AT : PAYLOAD_AT + len(payload)] = payload
    return sealed(kind, n, out, len(payload))


def sealed(kind: int, n: int, out: bytearray, size: int) -> memoryview:
    """The frame of the `size` bytes that stand in `out` from PAYLOAD_AT on, made where they are.

    It is a view of `out`, which has `room(size)`: it lasts until the next frame is made there.
    """
    whole = memoryview(out)
    struct.pack_into(HEAD, out, 2, kind, n)
    end = PAYLOAD_AT + size
    struct.pack_into("<I", out, end, binascii.crc32(whole[2:end]))
    end = _encode(out, whole, end + CRC_SIZE)
    out[0] = out[end] = 0
    return whole[: end + 1]


def _encode(out: bytearray, whole: memoryview, end: int) -> int:
    """COBS of out[2:end] in its place, the first code before it; returns the new end."""
    code = 1
    while True:
        zero = out.find(b"\0", code + 1, end)
        stop = end if zero < 0 else zero
        if stop - code >= _BLOCK_MAX:  # a full block stands for no zero: one more code comes after it
            following = code + _BLOCK_MAX
            whole[following + 1 : end + 1] = whole[following:end]
            out[code] = _BLOCK_MAX
            code, end = following, end + 1
        else:
            out[code] = stop - code
            if zero < 0:
                return end
            code = zero
