"""Reads what the board has written: the host's half of records, blocks and bits, never on the board."""

import struct

from . import TYPE_CHECKING
from .bit_repair import find
from .blocks import PERIOD_BITS, START_BITS, STEP_US, late_counts
from .field_reader import unpack, unpack_header
from .force import FAULT_BASE
from .records import (
    HEAD,
    LINK_SIZE,
    OVERHEAD,
    SCHEMA,
    SEQ_N,
    TYPE_BLOCK,
    TYPE_END,
    TYPE_HEADER,
    TYPE_NOTE,
    is_sound,
    parse_head,
)
from .ticks import TICKS_PERIOD
from .varbits import ESCAPE_ONES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class RawSet:
    """A set as it was measured: header, end and later notes as dicts, samples as parallel lists.

    t_us: microseconds since boot, not wrapping. count: net encoder counts, backward positive.
    code: load-cell codes, or a fault (>= FAULT_BASE). end is None when power was lost.
    lost_blocks: sample blocks that are missing or damaged.
    """

    def __init__(self) -> None:
        self.header: dict[str, Any] = {}
        self.end: dict[str, Any] | None = None
        self.note: dict[str, Any] = {}
        self.t_us: list[int] = []
        self.count: list[int] = []
        self.code: list[int] = []
        self.lost_blocks = 0


def decode_set(blob: bytes) -> "RawSet":
    """RawSet from a set's bytes; ValueError when it has no sound header or is of a newer format.

    One flipped bit a record is mended.
    """
    raw = RawSet()
    expected_seq = 0
    for kind, seq, body, _record in iter_records(blob):
        raw.lost_blocks += (seq - expected_seq) % SEQ_N
        expected_seq = seq + 1
        _take(raw, kind, body)
    return raw


def _take(raw: "RawSet", kind: int, body: bytes) -> None:
    if kind == TYPE_HEADER:
        raw.header = unpack_header(body)
        schema = raw.header.get("schema", SCHEMA)
        if not isinstance(schema, int):
            raise ValueError("its header tells no format")
        if schema > SCHEMA:
            raise ValueError("its format is %d, this program reads %d: update retrorig" % (schema, SCHEMA))
    elif kind == TYPE_BLOCK:
        _extend(raw, unpack_block(body))
    elif kind == TYPE_END:
        raw.end = unpack(body)
    elif kind == TYPE_NOTE:
        raw.note.update(unpack(body))


def _extend(raw: "RawSet", samples: "list[tuple[int, int, int]]") -> None:
    for t_us, count, code in samples:
        raw.t_us.append(t_us)
        raw.count.append(count)
        raw.code.append(code)


def is_fault(code: int) -> bool:
    """Whether a logged code stands for the lack of a conversion rather than for one."""
    return code >= FAULT_BASE


def iter_records(blob: bytes) -> "Iterator[tuple[int, int, bytes, bytes]]":
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
        pos = pos + len(record) if record is not None else _next_sound(blob, pos + 1, numbers[0])


def _next_sound(blob: bytes, pos: int, no: int) -> int:
    """Where the next sound record begins: a damaged one does not tell its length. The blob's end if there is none."""
    while pos + OVERHEAD <= len(blob):
        size = parse_head(blob, pos)[1] + OVERHEAD
        if pos + size <= len(blob) and is_sound(blob[pos : pos + size], no):
            return pos
        pos += 1
    return len(blob)


def _first_record(blob: bytes) -> bytes:
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


def mended(blob: bytes) -> bytes:
    """A set's bytes with single flipped bits put right; unchanged where more is wrong."""
    try:
        whole = b"".join([record for _kind, _seq, _body, record in iter_records(blob)])
    except ValueError:
        return blob
    return whole if len(whole) == len(blob) else blob


def unpack_block(body: bytes) -> "list[tuple[int, int, int]]":
    """[(t_us, count, code), ...]: t_us on the scale that does not wrap within a boot."""
    bits = BitReader(body)
    n = bits.get(7) + 1
    base = bits.get(16) * (TICKS_PERIOD // STEP_US) + bits.get(START_BITS)  # wide
    k = bits.get(5)
    period_64 = bits.get(PERIOD_BITS)
    late = [bits.get_steep(k) for _ in range(n)]
    t_us = [STEP_US * (base + (i * period_64 >> 6) + late[i]) for i in range(n)]  # wide
    rate = bits.get(12)
    rate -= 4096 if rate & 2048 else 0
    count = [value + late_counts(rate, late[i]) for i, value in enumerate(_get_column(bits, n))]
    return list(zip(t_us, count, _get_column(bits, n)))


def _get_column(bits: "BitReader", n: int) -> "list[int]":
    order, k = bits.get(3), bits.get(5)
    warm_n = min(order, n)
    values = [bits.get_signed() for _ in range(warm_n)]
    values.extend(bits.get_rice(k) for _ in range(warm_n, n))
    undifference(values, order)
    return values


def undifference(values: "list[int]", order: int) -> None:
    """Inverse of `difference`."""
    for step in range(order - 1, -1, -1):
        for i in range(step + 1, len(values)):
            values[i] += values[i - 1]


class BitReader:
    """Reads what BitWriter wrote; raises ValueError past the end."""

    def __init__(self, buf: "bytes | memoryview", pos: int = 0) -> None:
        self._buf = buf
        self.pos = pos
        self._acc = 0
        self._bits = 0

    def get(self, width: int) -> int:
        while self._bits < width:
            if self.pos >= len(self._buf):
                raise ValueError("bit stream ends early")
            self._acc = (self._acc << 8) | self._buf[self.pos]  # wide
            self._bits += 8
            self.pos += 1
        self._bits -= width
        value = self._acc >> self._bits  # wide
        self._acc &= (1 << self._bits) - 1
        return value

    def get_rice(self, k: int) -> int:
        ones = 0
        while ones < ESCAPE_ONES and self.get(1):
            ones += 1
        if ones == ESCAPE_ONES:
            return self.get_signed()
        return self._unfolded(ones, k)

    def get_steep(self, k: int) -> int:
        ones = 0
        while ones < ESCAPE_ONES and self.get(1):
            ones += 1
        if ones == ESCAPE_ONES:
            return self.get_signed()
        return self._unfolded((1 << ones | (self.get(ones) if ones else 0)) - 1, k)

    def _unfolded(self, high: int, k: int) -> int:
        folded = (high << k) | (self.get(k) if k else 0)
        return (folded >> 1) ^ -(folded & 1)

    def get_signed(self) -> int:
        width = self.get(5) + 1
        value = self.get(width)
        return value - (1 << width) if value >> width - 1 else value  # wide
