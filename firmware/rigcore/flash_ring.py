"""A ring of flash sectors: written one after the other, erased ahead at standstill, bad ones skipped.

    sector = header (32 bytes), then records, then erased bytes

Sequence numbers in the headers grow by one from sector to sector; the highest is the head. Each header
tells how many bytes of the sector before it are valid, so a sector can be left early: after a torn
record, or where the flash did not take one. A record never crosses a sector.

The device is a block device as MicroPython defines it (readblocks/writeblocks with an offset; ioctl
3 = sync, 4 = blocks, 5 = block size, 6 = erase); writing with an offset programs without erasing.
"""

import binascii
import struct

from . import TYPE_CHECKING, records

if TYPE_CHECKING:
    from .block_device import BlockDevice

MAGIC = 0x314C5252  # "RRL1"
HEADER = "<IIHHIIIII"  # magic, sequence, bytes used of the sector before, version, then STATE_N words, crc
HEADER_SIZE = 32
VERSION = 1
_ERASED = b"\xff" * 256
GIVEN_UP = b"\0\0"  # a sector's first record begins so where its room is about to be used again

# What a sector is:
DIRTY = 0  # to be erased before it is used
ERASED = 1
LIVE = 2  # holds records that are wanted
BAD = 3  # did not erase or did not program: never used again
BLANK = 4  # its header is erased; whether the rest is, too, is looked at before it is used


class StoreFull(Exception):
    """No sector is left for new records."""


class NewerFormat(Exception):
    """The store was written by a firmware that knows more than this one."""


class FlashRing:
    """`head` is the sector being written, -1 in an empty ring; `offset` is where it goes on."""

    def __init__(self, device: "BlockDevice", sector_n: int) -> None:
        self.device = device
        self.sector_n = sector_n
        self.sector_size = device.ioctl(5, 0)
        self.buffer = bytearray(
            records.BODY_USED + records.OVERHEAD
        )  # what was read; others' until the next read
        self._view = memoryview(self.buffer)
        self.state = bytearray(self.sector_n)
        self.is_left = True
        self._ends: dict[int, int] = {}  # of sectors whose end no header tells any more
        self._asked, self._end = -1, 0  # the sector whose end was asked last
        self._place = bytearray(6)  # sequence, and bytes used of the sector before
        self.failing: set[int] = set()  # hold records, but did not take the last one
        self.head = -1
        self.offset = self.sector_size
        self.sequence = 0
        self.has_work = True
        self.kept: set[int] = set()  # hold what was not understood: not erased until somebody was told
        self.mended: list[
            tuple[int, int, bytes]
        ] = []  # (sector, offset, bytes as they were written) of which a bit had flipped
        self.fallen: list[
            tuple[int, int, bytes]
        ] = []  # likewise, to 0: only an erase brings it back (renewal.py)
        self.apart: list[int] | None = None  # sectors whose room may be had back
        self.erased_n = 0  # since power-up
        self.bad_n = 0

    def is_blank(self, sector: int, offset: int) -> bool:
        """Whether the rest of the sector is erased."""
        # Made once: some 2000 pieces a second are looked at.
        view, erased = self._view[: len(_ERASED)], _ERASED
        while offset < self.sector_size:
            if self.sector_size - offset < len(view):
                view = view[: self.sector_size - offset]
                erased = _ERASED[: len(view)]
            self.device.readblocks(sector, view, offset)
            if view != erased:
                return False
            offset += len(view)
        return True

    def read(self, sector: int, offset: int, size: int) -> "bytes | memoryview":
        """A view of bytes of a sector, as long as a record at most; it lasts until the next read."""
        view = self._view[:size]
        self.device.readblocks(sector, view, offset)
        return view

    def end_of(self, sector: int) -> int:
        """Where the sector's records end. It is read from flash: kept for every sector it would take 7 KB of 16 MB."""
        if sector == self.head:
            return self.offset
        if sector != self._asked:
            self._end = self._ends.get(sector) or self._told_end(sector)
            self._asked = sector
        return self._end

    def _told_end(self, sector: int) -> int:
        """As the following sector's header says, if that is its successor; else it has all that fits."""
        own, _ = self.told_in(sector)
        following, used = self.told_in(self.following(sector))
        return used if following == own + 1 else self.sector_size

    def told_in(self, sector: int) -> "tuple[int, int]":
        """(sequence, bytes used of the sector before) as the sector's header says."""
        self.device.readblocks(sector, self._place, 4)
        return struct.unpack("<IH", self._place)

    def set_end(self, sector: int, end: int) -> None:
        """Know where the sector's records end, whatever headers say."""
        self._ends[sector] = end
        self._asked = -1

    def following(self, sector: int) -> int:
        """The next sector that holds records; itself when there is no other."""
        for step in range(1, self.sector_n):
            at = (sector + step) % self.sector_n
            if self.state[at] == LIVE:
                return at
        return sector

    # -- writing

    def append(self, record: bytes, state: "tuple[int, ...]", spare_n: int) -> int:
        """Program a record; returns its address. StoreFull unless `spare_n` sectors stay free.

        `state` goes into the header of a sector that this opens: four words.
        """
        while True:
            if self.is_left or self.offset + len(record) > self.sector_size:
                self._open(state, spare_n)
            address = self.head * self.sector_size + self.offset
            if self.program(self.head, self.offset, record):
                self.offset += len(record)
                return address
            self.failing.add(self.head)
            self.is_left = True

    def has_free(self, wanted_n: int) -> bool:
        """Whether so many sectors can still be opened."""
        for step in range(1, self.sector_n + (self.head < 0)):
            kind = self.state[(self.head + step) % self.sector_n]
            if wanted_n <= 0 or kind == LIVE:
                break
            wanted_n -= kind != BAD
        return wanted_n <= 0

    def _open(self, state: "tuple[int, ...]", spare_n: int) -> None:
        """Go on in a fresh sector."""
        if not self.has_free(spare_n + 1):
            raise StoreFull("no sector is left")
        while True:
            sector = self.next_of(ERASED)
            if sector < 0:
                if not self._prepare():  # nobody stood still long enough: better a stall than a lost set
                    raise StoreFull("no sector is left")
                continue
            used = self.offset if self.head >= 0 else 0
            head = struct.pack(HEADER[:-1], MAGIC, self.sequence + 1, used, VERSION, *state)
            if self.program(sector, 0, head + struct.pack("<I", binascii.crc32(head))):
                break
            self.condemn(sector)
        if self.head in self._ends:
            self._ends[self.head] = self.offset
        self._asked = -1
        self.sequence += 1
        if self.apart is not None:
            self.apart.append(sector)
        self.state[sector] = LIVE
        self.head, self.offset, self.is_left = sector, HEADER_SIZE, False

    def next_of(self, kind: int) -> int:
        """The first sector of this kind after the head, before any that is wanted; -1 when none is."""
        for step in range(1, self.sector_n + (self.head < 0)):
            sector = (self.head + step) % self.sector_n
            if self.state[sector] == LIVE:
                break
            if self.state[sector] == kind:
                return sector
        return -1

    def program(self, sector: int, offset: int, data: bytes) -> bool:
        """Whether the bytes stand in the flash afterwards."""
        try:
            self.device.writeblocks(sector, data, offset)
        except OSError:
            return False
        return self.read(sector, offset, len(data)) == data

    def sync(self) -> None:
        """Have the device save what it holds in memory, as far as it can."""
        try:
            self.device.ioctl(3, 0)
        except OSError:
            pass

    def set_apart(self, is_apart: bool) -> None:
        """Whether what follows begins in a fresh sector, so that its room can be had back (remark_room.py)."""
        self.apart = [] if is_apart else None
        if is_apart:
            self.place_before = self.head, self.offset, self.is_left
            self.is_left = True

    # -- giving up and erasing

    def give_up_before(self, tail: int) -> None:
        """Release all sectors from the oldest to the one before `tail`: they may be erased."""
        for step in range(1, self.sector_n + 1):
            sector = (self.head + step) % self.sector_n
            if sector == tail or sector == self.head:
                break
            if self.state[sector] == LIVE and sector not in self.kept:
                self.state[sector] = DIRTY
                self.has_work = True

    def erase_step(self) -> bool:
        """Make the next unwanted sector ready, or write anew what a bit had flipped in; False when nothing is left."""
        if self.mended:
            self._write_anew(*self.mended.pop())
            return True
        if not self.has_work:
            return False
        self.has_work = self._prepare()
        return self.has_work

    def _write_anew(self, sector: int, offset: int, right: bytes) -> None:
        """Program what has lost its charge."""
        there = self.read(sector, offset, len(right))
        self.program(sector, offset, bytes(there[i] & right[i] for i in range(len(right))))
        if self.read(sector, offset, len(right)) != right:
            self.fallen.append((sector, offset, right))

    def _prepare(self) -> bool:
        """Have one more sector erased; False when all are."""
        sector = self.next_of(BLANK)
        if sector >= 0:
            self.state[sector] = ERASED if self.is_blank(sector, 0) else DIRTY
            return True
        sector = self.next_of(DIRTY)
        if sector >= 0:
            self.erase(sector)
        return sector >= 0

    def erase(self, sector: int) -> None:
        """Make a sector ready, or never use it again."""
        self.mended = [place for place in self.mended if place[0] != sector]
        self.fallen = [place for place in self.fallen if place[0] != sector]
        self._ends.pop(sector, 0)
        self._asked = -1
        if sector not in self.failing and self.blanked(sector):
            self.state[sector] = ERASED
        else:
            self.condemn(sector)

    def blanked(self, sector: int) -> bool:
        """Erase a sector, whatever it holds; False when it does not take that."""
        for _ in range(2):
            try:
                self.device.ioctl(6, sector)
            except OSError:
                continue
            self.erased_n += 1
            if self.is_blank(sector, 0):
                return True
        return False

    def condemn(self, sector: int) -> None:
        """Never use a sector again: zeros over its header say so at the next start, if it takes them."""
        self.failing.discard(sector)
        self.state[sector] = BAD
        self.bad_n += 1
        self.program(sector, 0, bytes(HEADER_SIZE))
