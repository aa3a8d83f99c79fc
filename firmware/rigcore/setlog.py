"""The store of sets: an append-only ring of flash sectors that are erased ahead, at standstill.

    sector = header (magic, sequence number, crc), then records, then erased bytes

A record never crosses a sector. Sectors carry a growing sequence number; the newest is the head.
A sector is given up only when every set in it was confirmed by the host.

The device is a block device as MicroPython defines it (readblocks/writeblocks with an offset,
ioctl 4 = blocks, 5 = block size, 6 = erase); writing with an offset programs without erasing.
"""

import binascii
import json
import struct

from . import records
from .setindex import SetIndex

MAGIC = 0x314C5252  # "RRL1"
_HEADER = "<III"
HEADER_SIZE = 12
_NO_SECTOR = -1


class StoreFull(Exception):
    """No erased sector is left for new records."""


class SetLog:
    """Finds, appends and reads records. `mount` first."""

    def __init__(self, device):
        self._device = device
        self.sector_n = device.ioctl(4, 0)
        self.sector_size = device.ioctl(5, 0)
        self._view = memoryview(bytearray(records.BODY_MAX + records.OVERHEAD))
        self._erased = bytearray(self.sector_n)
        self._sequence = 0
        self._head = _NO_SECTOR
        self._offset = 0
        self._all_erased = False
        self.index = SetIndex()
        self.confirmed = 0

    # -- finding what is there

    def mount(self):
        """Scan the sectors; afterwards `index` lists the sets that are kept."""
        found = []
        for sector in range(self.sector_n):
            sequence = self._sector_sequence(sector)
            if sequence:
                found.append((sequence, sector))
            elif self._is_blank(sector, 0):
                self._erased[sector] = 1
        found.sort()
        for sequence, sector in found:
            self._head, self._sequence = sector, sequence
            self._offset = self._scan_sector(sector)
        if found and not self._is_blank(self._head, self._offset):
            self._offset = self.sector_size  # a torn record: go on in a fresh sector
        self.index.drop_to(self.confirmed)

    def _sector_sequence(self, sector):
        """The sector's sequence number, 0 when it holds no sound header."""
        magic, sequence, crc = struct.unpack(_HEADER, self._read(sector, 0, HEADER_SIZE))
        return sequence if magic == MAGIC and crc == _header_crc(sequence) else 0

    def _scan_sector(self, sector):
        """Index the sector's records; returns the offset after the last one."""
        offset = HEADER_SIZE
        record = self._record_at(sector, offset)
        while record is not None:
            self._index_record(record, sector * self.sector_size + offset)
            offset += len(record)
            record = self._record_at(sector, offset)
        return offset

    def _index_record(self, record, address):
        kind, _length, seq = records.parse_head(record)
        if kind == records.TYPE_CONFIRM:
            if records.is_sound(record, 0):
                self.confirmed = max(self.confirmed, struct.unpack_from("<I", record, records.HEAD)[0])
        elif kind == records.TYPE_HEADER:
            no = _set_no_of(record)
            if records.is_sound(record, no):
                self.index.add(no, address, record)
        elif self.index.open_seq >= 0 and records.is_sound(record, self.index.no[-1]):
            self.index.grow(seq, record, kind == records.TYPE_END)

    def _record_at(self, sector, offset):
        """A view of the record there, or None where flash is erased or no record can be."""
        if offset + records.OVERHEAD > self.sector_size:
            return None
        kind, length, _seq = records.parse_head(self._read(sector, offset, records.HEAD))
        total = length + records.OVERHEAD
        if kind in (0, records.TYPE_ERASED) or offset + total > self.sector_size:
            return None
        return self._read(sector, offset, total)

    def _read(self, sector, offset, size):
        view = self._view[:size]
        self._device.readblocks(sector, view, offset)
        return view

    def _is_blank(self, sector, offset):
        while offset < self.sector_size:
            size = min(512, self.sector_size - offset)
            if self._read(sector, offset, size) != b"\xff" * size:
                return False
            offset += size
        return True

    # -- writing

    def next_no(self):
        """Number for the next set: one after any seen."""
        last = self.index.no[-1] if len(self.index) else 0
        return max(last, self.confirmed) + 1

    def begin(self, no, header_body):
        """Open a set with its header record; raises StoreFull."""
        record = records.seal(records.TYPE_HEADER, 0, header_body, no)
        self._require_erased(1)  # the end of the set must find room, too
        self.index.add(no, self._append(record, 2), record)

    def append(self, kind, body):
        """Add a block or the end to the open set; raises StoreFull."""
        seq = self.index.open_seq + 1
        record = records.seal(kind, seq, body, self.index.no[-1])
        self._append(record, 1 if kind == records.TYPE_END else 2)
        self.index.grow(seq, record, kind == records.TYPE_END)

    def confirm(self, no):
        """Remember for good that the host holds all sets up to `no`; raises StoreFull."""
        if no > self.confirmed:
            self._append(records.seal(records.TYPE_CONFIRM, 0, struct.pack("<I", no), 0), 1)
            self.confirmed = no
            self.index.drop_to(no)
            self._all_erased = False

    def _append(self, record, need_n):
        """Program one record; a new sector is opened only if `need_n` erased ones are left.

        Sample blocks leave one for the end of the set and for the confirmation that frees room.
        """
        if self._head == _NO_SECTOR or self._offset + len(record) > self.sector_size:
            self._open_sector(need_n)
        address = self._head * self.sector_size + self._offset
        self._device.writeblocks(self._head, record, self._offset)
        self._offset += len(record)
        return address

    def _open_sector(self, need_n):
        self._require_erased(need_n)
        sector = (self._head + 1) % self.sector_n
        self._sequence += 1
        header = struct.pack(_HEADER, MAGIC, self._sequence, _header_crc(self._sequence))
        self._device.writeblocks(sector, header, 0)
        self._erased[sector] = 0
        self._head, self._offset = sector, HEADER_SIZE

    def _require_erased(self, need_n):
        for step in range(1, need_n + 1):
            if not self._erased[(self._head + step) % self.sector_n]:
                raise StoreFull("no erased sector is left")

    # -- erasing, only at standstill

    def erase_step(self):
        """Erase one sector that nobody needs, the next in turn first; False when none is left."""
        if self._all_erased:
            return False
        for step in range(1, self.sector_n + 1):
            sector = (self._head + step) % self.sector_n
            if sector == self._tail():
                break
            if not self._erased[sector]:
                self._device.ioctl(6, sector)
                self._erased[sector] = 1
                return True
        self._all_erased = True
        return False

    def _tail(self):
        """The oldest sector that must stay: that of the first set still kept, else the head."""
        return self.index.address[0] // self.sector_size if len(self.index) else self._head

    def room_bytes(self):
        """Bytes that can still be written, counting what only waits to be erased."""
        if self._head == _NO_SECTOR:
            return self.sector_n * (self.sector_size - HEADER_SIZE)
        kept = (self._head - self._tail()) % self.sector_n + 1
        return (self.sector_n - kept) * (self.sector_size - HEADER_SIZE) + self.sector_size - self._offset

    # -- reading

    def iter_set(self, position):
        """Views of the records of the set at this place in the index; each lasts until the next."""
        no, length = self.index.no[position], self.index.length[position]
        sector, offset = divmod(self.index.address[position], self.sector_size)
        hops = 0
        while length > 0 and hops < self.sector_n:
            record = self._record_at(sector, offset)
            if record is None:
                sector, offset, hops = (sector + 1) % self.sector_n, HEADER_SIZE, hops + 1
                continue
            offset += len(record)
            if records.is_sound(record, no):
                length -= len(record)
                yield record


def _header_crc(sequence):
    return binascii.crc32(struct.pack("<II", MAGIC, sequence))


def _set_no_of(record):
    try:
        return json.loads(bytes(record[records.HEAD : -4])).get("no", 0)
    except ValueError:
        return 0
