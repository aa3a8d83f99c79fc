"""The set log's records, written by the board and read by the host with this one file.

A set is the concatenation of its records: one header, sample blocks, one end.

    record = head u16, seq u8, body, crc32 u32          (little-endian)
    head   = type << 12 | length of body; 0xFFFF is erased flash
    seq    = running number in the set, modulo 256
    crc32  = of head, seq and body, started with the set's number, so that no record can be
             taken for another set's

The header's body is the set's number (u32) and the store's link to the set before (see setlog), then fields;
the bodies of end and notes are fields (`rigcore.fields`); `rigcore.blocks` says what is in a block. Readers
skip record types and fields they do not know. A set without an end was cut off by a loss of power.
"""

import binascii
import struct

from . import fields
from .blocks import unpack_block
from .force import FAULT_BASE

SCHEMA = 2
TYPE_HEADER = 1
TYPE_BLOCK = 2
TYPE_END = 3
TYPE_CONFIRM = 4
TYPE_NOTE = 5
TYPE_ERASED = 15

_HEAD = "<HB"
HEAD = 3
OVERHEAD = HEAD + 4
BODY_MAX = 0xFFF
SEQ_N = 256
_HEAD_FLIPS = (0,) + tuple(1 << bit for bit in range(16))
_POLYNOMIAL = 0xEDB88320  # of CRC-32, bits reversed
_LINK = "<IIIII"
LINK_SIZE = 20
NO_LINK = (0, 0, 0, 0)


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


def pack_header(values, link=NO_LINK):
    """A header's body from its fields, "no" among them."""
    named = {name: values[name] for name in values if name != "no"}
    return struct.pack(_LINK, values["no"], *link) + fields.pack(named)


def unpack_link(record):
    """(number of the set, of the one before, its address, length and checksum) of a header record."""
    return struct.unpack_from(_LINK, record, HEAD)


def unpack_header(body):
    """The header as a dict; ValueError when it is none."""
    values = fields.unpack(body[LINK_SIZE:])
    values["no"] = struct.unpack_from(_LINK, body)[0]
    return values


class RawSet:
    """A set as it was measured: header, end and later notes as dicts, samples as parallel lists.

    t_us: microseconds since boot, not wrapping. count: net encoder counts, backward positive.
    code: load-cell codes, or a fault (>= FAULT_BASE). end is None when power was lost.
    lost_blocks: sample blocks that are missing or damaged.
    """

    def __init__(self):
        self.header = {}
        self.end = None
        self.note = {}
        self.t_us = []
        self.count = []
        self.code = []
        self.lost_blocks = 0


def iter_records(blob):
    """(type, seq, body, whole record) of the sound records, each with at most one flipped bit mended.

    ValueError when the blob does not begin with a header.
    """
    header = _first_record(blob)
    numbers = (struct.unpack_from("<I", header, HEAD)[0],)
    pos = 0
    while pos + OVERHEAD <= len(blob):
        record = find(lambda size, pos=pos: blob[pos : pos + size], len(blob) - pos, numbers)
        if pos == 0:
            record = header
        if record is not None:
            kind, _length, seq = parse_head(record)
            yield kind, seq, record[HEAD:-4], record
        pos += OVERHEAD + parse_head(record or blob, 0 if record else pos)[1]


def _first_record(blob):
    """The header, found by the number in it even if one of that number's bits has flipped."""
    if len(blob) >= OVERHEAD + LINK_SIZE:
        claimed = struct.unpack_from("<I", blob, HEAD)[0]
        record = find(lambda size: blob[:size], len(blob), (claimed,))
        for bit in range(32):
            if record is not None:
                break
            no = claimed ^ 1 << bit  # wide
            fixed = blob[:HEAD] + struct.pack("<I", no) + blob[HEAD + 4 :]
            size = parse_head(blob)[1] + OVERHEAD
            if size <= len(blob) and is_sound(fixed[:size], no):
                record = fixed[:size]
        if record is not None and parse_head(record)[0] == TYPE_HEADER:
            return record
    raise ValueError("the set has no readable header")


def mended(blob):
    """A set's bytes with single flipped bits put right; unchanged where more is wrong."""
    try:
        whole = b"".join([record for _kind, _seq, _body, record in iter_records(blob)])
    except ValueError:
        return blob
    return whole if len(whole) == len(blob) else blob


def decode_set(blob):
    """RawSet from a set's bytes; ValueError when it has no sound header. One flipped bit a record is mended."""
    raw = RawSet()
    expected_seq = 0
    for kind, seq, body, _record in iter_records(blob):
        raw.lost_blocks += (seq - expected_seq) % SEQ_N
        expected_seq = seq + 1
        _take(raw, kind, body)
    return raw


def _take(raw, kind, body):
    if kind == TYPE_HEADER:
        raw.header = unpack_header(body)
    elif kind == TYPE_BLOCK:
        _extend(raw, unpack_block(body))
    elif kind == TYPE_END:
        raw.end = fields.unpack(body)
    elif kind == TYPE_NOTE:
        raw.note.update(fields.unpack(body))


def _extend(raw, samples):
    for t_us, count, code in samples:
        raw.t_us.append(t_us)
        raw.count.append(count)
        raw.code.append(code)


def is_fault(code):
    """Whether a logged code stands for the lack of a conversion rather than for one."""
    return code >= FAULT_BASE
