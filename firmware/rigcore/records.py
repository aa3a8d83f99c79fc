"""The set log's records, written by the board and read by the host with this one file.

A set is the concatenation of its records: one header, sample blocks, one end.

    record = head u16, seq u8, body, crc32 u32          (little-endian)
    head   = type << 12 | length of body; 0xFFFF is erased flash
    seq    = running number in the set, modulo 256
    crc32  = of head, seq and body, started with the set's number, so that no record can be
             taken for another set's

The header's body is the set's number (u32) and the store's link to the set before (see setlog), then fields;
the bodies of end and notes are fields (`rigcore.fields`); `rigcore.blocks` says what is in a block. Readers
skip record types and fields they do not know, so new ones leave SCHEMA as it is; what changes the meaning of one that
there is raises it, and older programs refuse such a set. A set without an end was cut off by a loss of power.
"""

import binascii
import struct

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


SCHEMA = 1
TYPE_HEADER = 1
TYPE_BLOCK = 2
TYPE_END = 3
TYPE_CONFIRM = 4
TYPE_NOTE = 5
TYPE_ERASED = 15

REMARK = "remark"  # the reason in the end of a set that turned out to be none
_HEAD = "<HB"
HEAD = 3
OVERHEAD = HEAD + 4
BODY_MAX = 0xFFF
BODY_USED = 1800  # no body is longer than this: a block with every residual escaped, and more
SEQ_N = 256
LINK = "<IIIII"
LINK_SIZE = 20
NO_LINK = (0, 0, 0, 0)


def seal(kind: int, seq: int, body: bytes, set_no: int) -> bytes:
    """One complete record as bytes."""
    head = struct.pack(_HEAD, kind << 12 | len(body), seq % SEQ_N) + body
    return head + struct.pack("<I", binascii.crc32(head, set_no))


def parse_head(buf: "bytes | memoryview", pos: int = 0) -> "tuple[int, int, int]":
    """(type, length of body, seq) of the record that starts at `pos`."""
    head, seq = struct.unpack_from(_HEAD, buf, pos)
    return head >> 12, head & 0xFFF, seq


def is_sound(record: "bytes | bytearray | memoryview", set_no: int) -> bool:
    """Whether a complete record's checksum holds for this set."""
    return binascii.crc32(record[:-4], set_no) == struct.unpack_from("<I", record, len(record) - 4)[0]


def is_remark(record: "bytes | bytearray | memoryview") -> bool:
    """Whether an end record says that its set was no walk."""
    return pack_fields({"reason": REMARK}) in bytes(record)


def pack_fields(values: "dict[str, Any]") -> bytes:
    """Fields as bytes. How they are packed is loaded for the moment: a set needs it at its begin and its end."""
    from .fields import pack

    return pack(values)


def pack_header(values: "dict[str, Any]", link: "tuple[int, int, int, int]" = NO_LINK) -> bytes:
    """A header's body from its fields, "no" among them."""
    named = {name: values[name] for name in values if name != "no"}
    return struct.pack(LINK, values["no"], *link) + pack_fields(named)


def unpack_link(record: "bytes | bytearray | memoryview") -> "tuple[int, int, int, int, int]":
    """(number of the set, of the one before, its address, length and checksum) of a header record."""
    return struct.unpack_from(LINK, record, HEAD)
