"""The set log's records, written by the board and read by the host with this one file.

A set is the concatenation of its records: one header, sample blocks, one end.

    record = head u16, seq u8, body, crc32 u32          (little-endian)
    head   = type << 12 | length of body; 0xFFFF is erased flash
    seq    = running number in the set, modulo 256
    crc32  = of head, seq and body, started with the set's number, so that no record can be
             taken for another set's

Header and end carry JSON; `rigcore.blocks` says what is in a block. Readers skip record types and
JSON keys they do not know.
"""

import binascii
import json
import struct

from .blocks import unpack_block
from .force import FAULT_BASE

SCHEMA = 1
TYPE_HEADER = 1
TYPE_BLOCK = 2
TYPE_END = 3
TYPE_CONFIRM = 4
TYPE_ERASED = 15

_HEAD = "<HB"
HEAD = 3
OVERHEAD = HEAD + 4
BODY_MAX = 0xFFF
SEQ_N = 256


def seal(kind, seq, body, set_no):
    """One complete record as bytes."""
    head = struct.pack(_HEAD, kind << 12 | len(body), seq % SEQ_N) + body
    return head + struct.pack("<I", binascii.crc32(head, set_no))


def parse_head(buf, pos=0):
    """(type, length of body, seq) of the record that starts at `pos`."""
    head, seq = struct.unpack_from(_HEAD, buf, pos)
    return head >> 12, head & 0xFFF, seq


def is_sound(record, set_no):
    """Whether a complete record's checksum holds for this set."""
    return binascii.crc32(record[:-4], set_no) == struct.unpack_from("<I", record, len(record) - 4)[0]


class RawSet:
    """A set as it was measured: header and end as dicts, samples as parallel lists.

    t_us: microseconds since boot, not wrapping. count: net encoder counts, backward positive.
    code: load-cell codes, or a fault (>= FAULT_BASE). end is None when power was lost.
    lost_blocks: sample blocks that are missing or damaged.
    """

    def __init__(self):
        self.header = {}
        self.end = None
        self.t_us = []
        self.count = []
        self.code = []
        self.lost_blocks = 0


def iter_records(blob):
    """(type, seq, body, whole record) of each record; stops at the first that is cut short."""
    pos = 0
    while pos + OVERHEAD <= len(blob):
        kind, length, seq = parse_head(blob, pos)
        stop = pos + OVERHEAD + length
        if kind == TYPE_ERASED or stop > len(blob):
            return
        yield kind, seq, blob[pos + HEAD : stop - 4], blob[pos:stop]
        pos = stop


def decode_set(blob):
    """RawSet from a set's bytes; ValueError when it has no sound header."""
    raw = RawSet()
    set_no = None
    expected_seq = 0
    for kind, seq, body, record in iter_records(blob):
        if set_no is None:
            raw.header = _header(kind, body)
            set_no = raw.header["no"]
        if not is_sound(record, set_no):
            continue
        raw.lost_blocks += (seq - expected_seq) % SEQ_N
        expected_seq = seq + 1
        if kind == TYPE_BLOCK:
            _extend(raw, unpack_block(body))
        elif kind == TYPE_END:
            raw.end = json.loads(body)
    if set_no is None or not raw.header:
        raise ValueError("the set has no readable header")
    return raw


def _header(kind, body):
    try:
        header = json.loads(body) if kind == TYPE_HEADER else {}
    except ValueError:
        header = {}
    if "no" not in header:
        raise ValueError("the set has no readable header")
    return header


def _extend(raw, samples):
    for t_us, count, code in samples:
        raw.t_us.append(t_us)
        raw.count.append(count)
        raw.code.append(code)


def is_fault(code):
    """Whether a logged code stands for the lack of a conversion rather than for one."""
    return code >= FAULT_BASE
