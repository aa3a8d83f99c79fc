"""The set log's records, written by the board and read by the host with this one file.

A set is the concatenation of its records: one header, sample blocks, one end.

    record = head u16, seq u16, body, crc32 u32          (little-endian)
    head   = type << 12 | length of body; 0xFFFF is erased flash
    crc32  = of head, seq and body, started with the set's number, so that no record can be
             taken for another set's

Header and end carry JSON. A block carries a count of samples and, for each field of BLOCK_FIELDS
in turn, its first value plainly and the rest as Rice-coded residuals of a fixed polynomial
predictor (T. Robinson, Shorten, 1994: the order, 0 to 3 differences, that is shortest here).
Readers skip record types and JSON keys they do not know.
"""

import binascii
import json
import struct
from array import array

from .force import FAULT_BASE
from .ticks import TICKS_PERIOD, ticks_diff
from .varbits import BitReader, BitWriter, best_k

SCHEMA = 1
TYPE_HEADER = 1
TYPE_BLOCK = 2
TYPE_END = 3
TYPE_CONFIRM = 4
TYPE_ERASED = 15

HEAD = struct.calcsize("<HH")
OVERHEAD = HEAD + 4
BODY_MAX = 0xFFF
BLOCK_SAMPLES = 64

# Order in a block. The time is stored relative to the block's first tick.
BLOCK_FIELDS = ("t_us", "count", "code")
_BLOCK_HEAD = "<BHI"  # samples, turns of the tick counter, ticks of the first sample
ORDER_MAX = 3


def seal(kind, seq, body, set_no):
    """One complete record as bytes."""
    head = struct.pack("<HH", kind << 12 | len(body), seq & 0xFFFF) + body
    return head + struct.pack("<I", binascii.crc32(head, set_no))


def parse_head(buf, pos=0):
    """(type, length of body, seq) of the record that starts at `pos`."""
    head, seq = struct.unpack_from("<HH", buf, pos)
    return head >> 12, head & 0xFFF, seq


def is_sound(record, set_no):
    """Whether a complete record's checksum holds for this set."""
    return binascii.crc32(record[:-4], set_no) == struct.unpack_from("<I", record, len(record) - 4)[0]


class BlockEncoder:
    """Collects samples and packs them; the buffers are made once."""

    def __init__(self):
        self._columns = tuple(array("i", [0] * BLOCK_SAMPLES) for _ in BLOCK_FIELDS)
        self._residuals = array("i", [0] * BLOCK_SAMPLES)
        self._bits = BitWriter(bytearray(BODY_MAX))
        self.n = 0
        self._turns = 0
        self._first_ticks = 0

    def add(self, turns, ticks, count, code):
        """Take one sample; the caller packs before the block is full."""
        n = self.n
        if n == 0:
            self._turns = turns
            self._first_ticks = ticks
        t_us, counts, codes = self._columns
        t_us[n] = ticks_diff(ticks, self._first_ticks)
        counts[n] = count
        codes[n] = code
        self.n = n + 1

    @property
    def is_full(self):
        return self.n == BLOCK_SAMPLES

    def span_us(self):
        """Time from the block's first to its last sample."""
        return self._columns[0][self.n - 1] if self.n else 0

    def pack(self):
        """The block's body; the encoder is empty afterwards."""
        buf = self._bits.buf
        struct.pack_into(_BLOCK_HEAD, buf, 0, self.n, self._turns, self._first_ticks)
        pos = struct.calcsize(_BLOCK_HEAD)
        for column in self._columns:
            pos = self._pack_column(column, pos)
        self.n = 0
        return bytes(memoryview(buf)[:pos])

    def _pack_column(self, column, pos):
        order, total = best_order(column, self.n)
        k = best_k(total, self.n)
        struct.pack_into("<Bi", self._bits.buf, pos, order << 5 | k, column[0])
        self._bits.start(pos + 5)
        difference(column, self._residuals, self.n, order)
        for i in range(1, self.n):
            self._bits.put_rice(self._residuals[i], k)
        return self._bits.finish()


def best_order(column, n):
    """(order, sum of folded residuals) of the predictor that leaves least."""
    sums = [0] * (ORDER_MAX + 1)
    d1 = d2 = 0
    for i in range(1, n):
        value = column[i]
        e1 = value - column[i - 1]
        e2 = e1 - d1 if i > 1 else e1
        e3 = e2 - d2 if i > 2 else e2
        sums[0] += _folded_size(value)
        sums[1] += _folded_size(e1)
        sums[2] += _folded_size(e2)
        sums[3] += _folded_size(e3)
        d1 = e1
        d2 = e2
    order = sums.index(min(sums))
    return order, sums[order]


def _folded_size(residual):
    # Capped so that 64 of them stay a small integer; longer ones are escaped anyway.
    return min(abs(residual) << 1, 1 << 23)


def difference(column, out, n, order):
    """`order` differences of `column`; the i-th value has at most i of them (warm-up)."""
    for i in range(n):
        out[i] = column[i]
    for step in range(order):
        for i in range(n - 1, step, -1):
            out[i] -= out[i - 1]


def undifference(values, order):
    """Inverse of `difference`, in place."""
    for step in range(order - 1, -1, -1):
        for i in range(step + 1, len(values)):
            values[i] += values[i - 1]


def unpack_block(body):
    """[(t_us, count, code), ...]: t_us on the scale that does not wrap within a boot."""
    n, turns, ticks = struct.unpack_from(_BLOCK_HEAD, body, 0)
    pos = struct.calcsize(_BLOCK_HEAD)
    columns = []
    for _ in BLOCK_FIELDS:
        column, pos = _unpack_column(body, pos, n)
        columns.append(column)
    base_us = turns * TICKS_PERIOD + ticks  # wide
    return [(base_us + t, count, code) for t, count, code in zip(*columns)]  # wide


def _unpack_column(body, pos, n):
    how, first = struct.unpack_from("<Bi", body, pos)
    reader = BitReader(body, pos + 5)
    values = [first]
    for _ in range(1, n):
        values.append(reader.get_rice(how & 0x1F))
    undifference(values, how >> 5)
    return values, reader.align()


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
        raw.lost_blocks += (seq - expected_seq) & 0xFFFF
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
