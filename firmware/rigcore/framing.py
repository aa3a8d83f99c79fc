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


def frame(kind, n, payload):
    """A complete frame as bytes, delimiters included."""
    plain = struct.pack(HEAD, kind, n) + payload
    plain += struct.pack("<I", binascii.crc32(plain))
    return b"\0" + cobs_encode(plain) + b"\0"


def cobs_encode(data):
    """`data` without zero bytes, one byte longer for each 254."""
    out = bytearray()
    for piece in data.split(b"\0"):
        start = 0
        while len(piece) - start >= 254:
            out.append(255)
            out.extend(piece[start : start + 254])
            start += 254
        out.append(len(piece) - start + 1)
        out.extend(piece[start:])
    return bytes(out)
