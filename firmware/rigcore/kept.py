"""What a rig keeps besides its sets: values by name (plans, settings, the calibration) in sectors of their own.

    sector = records of one name, one after the other, then erased bytes
    record = mark u16, size u16, number u32, crc32 of the value, name 32 bytes, crc32 of size to name; then the value

To keep a value programs erased bytes only: it goes behind its predecessor, or into a sector that was erased ahead, at
standstill (`erase_step`). The value comes before its head, so a loss of power leaves the old value or the new one; the
higher number counts. Then the predecessor's mark is made 0, so that a head that flash damages uncovers nothing old.

A bit that has flipped is mended when it is read, and what holds it is kept anew at standstill, before a second one can
join it. What can't be read is told (kept_damage.py); a sector with a head that was not understood is erased only then.

Loaded for the moment.
"""

import binascii
import struct

from . import TYPE_CHECKING
from .draft import HEAD_SIZE, PIECE, Draft, bytes_at, crc_of, is_blank, program

if TYPE_CHECKING:
    from collections.abc import Callable

    from .block_device import BlockDevice

    Place = tuple[int, int, int, int, int]  # number, sector, offset, size, crc

SECTORS_N = 18  # twelve plans, settings and the calibration; the others are erased ahead
VALUE_MAX = 4000
SPARE_MIN = 3
HEAD = "<HHII32s"
MARK = 0x4B52
ALIGN = 4
_BLANK = b"\xff" * HEAD_SIZE
_SOUND = 0x2144DF1C  # CRC-32 of whatever ends with its own


class KeptValues:
    """The values in the device's sectors from `first` on. OSError where flash takes no more.

    `between()` is called every few milliseconds, so that what waits can run.
    """

    def __init__(
        self, device: "BlockDevice", first: int = 0, between: "Callable[[], object]" = lambda: None
    ) -> None:
        self._device = device
        self._first = first
        self._between = between
        self._size = device.ioctl(5, 0)
        self._head = bytearray(HEAD_SIZE)  # made once, as all that is looked at often
        self._marked = memoryview(self._head)[2:]
        self._piece = memoryview(bytearray(PIECE))
        self._number = 0
        self._places: dict[str, Place] = {}
        self._outdated: list[Place] = []  # that a loss of power left valid
        self._before: dict[str, Place] = {}  # the newest of each name that was given up
        self._mended: list[tuple[int, int]] = []  # (sector, offset) of heads of which a bit had flipped
        # Of heads that were not understood: whoever has told of them clears it.
        self.strange: list[tuple[int, int]] = []
        self._ends = [0] * first
        for sector in range(first, device.ioctl(4, 0)):
            self._ends.append(self._walked(sector))

    # -- what is there

    def names(self) -> "list[tuple[str, int, int]]":
        """(name, bytes, CRC-32) of every value."""
        return [(name, self._places[name][3], self._places[name][4]) for name in self._places]

    def read(self, name: str, is_before: bool = False) -> "bytes | None":
        """The value; None when there is none, nothing in it when it is damaged. One flipped bit is mended.

        `is_before`: the one that was given up last, if it still lies there.
        """
        place = (self._before if is_before else self._places).get(name)
        if place is None:
            return None
        _number, sector, offset, size, crc = place
        value = bytes_at(self._device, sector, offset + HEAD_SIZE, size)
        if binascii.crc32(value) == crc:
            return value
        from .bit_repair import mend

        mended = mend(value + struct.pack("<I", crc), 0)
        return mended[:-4] if mended else b""

    def piece(self, name: str, offset: int, size: int) -> bytes:
        """Some bytes of a value that is there."""
        _number, sector, start, most, _crc = self._places[name]
        offset = min(offset, most)
        return bytes(bytes_at(self._device, sector, start + HEAD_SIZE + offset, min(size, most - offset)))

    def damaged(self) -> "list[str]":
        """Names of the values in which, or in whose heads, one bit or more has flipped."""
        return [name for name in self._places if self.is_damaged(self._places[name])]

    def is_damaged(self, place: "Place") -> bool:
        """Whether a bit of the value at this place, or of its head, has flipped."""
        self._between()
        _number, sector, offset, size, crc = place
        at = offset + HEAD_SIZE
        return place[1:3] in self._mended or crc_of(self._device, sector, at, size, self._piece) != crc

    def _walked(self, sector: int) -> int:
        """Where the sector's records end; what they hold is taken. Behind a damaged head the next is looked for."""
        self._between()
        offset = due = 0
        while offset + HEAD_SIZE < self._size:
            self._device.readblocks(sector, self._head, offset)
            if self._head == _BLANK:
                return offset
            found = self._told(sector, offset, offset == due)
            if found is None:
                offset += ALIGN
            else:
                mark, size, number, crc, label = found
                name, place = label.rstrip(b"\0").decode(), (number, sector, offset, size, crc)
                if mark:
                    self._take(name, place)
                elif number > self._before.get(name, place)[0] or name not in self._before:
                    self._before[name] = place
                offset = due = offset + _room(size)
        return self._size

    def _told(self, sector: int, offset: int, is_due: bool) -> "tuple[int, int, int, int, bytes] | None":
        """(mark, size, number, crc, name) of a head; None where none is. Where one is due, a flipped bit is mended."""
        if binascii.crc32(self._marked) != _SOUND:  # wide
            if not is_due:
                return None
            from . import kept_damage

            if not kept_damage.is_mended(self, self._head, (sector, offset), self._size - offset):
                return None
            self._mended.append((sector, offset))
        return struct.unpack_from(HEAD, self._head)

    def _take(self, name: str, place: "Place") -> None:
        self._number = max(self._number, place[0])
        known = self._places.get(name)
        if known and known[0] > place[0]:
            known, place = place, known
        if known:
            self._outdated.append(known)
        self._places[name] = place

    # -- writing

    def write(self, name: str, value: bytes) -> None:
        """Keep a value instead of what was kept by this name."""
        known = self._places.get(name)
        if known and self._is_written(known[1], name, value):
            return
        for _ in range(self._first, len(self._ends)):
            if self._is_written(self.fresh(), name, value):
                return
        raise OSError(5)

    def _is_written(self, sector: int, name: str, value: bytes) -> bool:
        offset = self._ends[sector]
        if not self._is_blank(sector, offset, _room(len(value))):
            return False
        if program(self._device, sector, offset + HEAD_SIZE, value):
            return self.commit(sector, offset, name, len(value), binascii.crc32(value))
        self._ends[sector] = self._size
        return False

    def commit(self, sector: int, offset: int, name: str, size: int, crc: int) -> bool:
        """The value behind a record's head at this offset is written: it counts from now on."""
        number = self._number + 1
        head = struct.pack(HEAD, MARK, size, number, crc, name.encode())
        head += struct.pack("<I", binascii.crc32(head[2:]))
        self._ends[sector] = min(offset + _room(size), self._size)
        if not program(self._device, sector, offset, head):
            return False
        self._take(name, (number, sector, offset, size, crc))
        self._give_up_outdated()
        return True

    def drop(self, name: str) -> bool:
        """Whether there was such a value; it is kept no longer."""
        self._give_up_outdated()
        place = self._places.pop(name, None)
        if place is None:
            return False
        self._outdated.append(place)
        self._give_up_outdated()
        return True

    def _give_up_outdated(self) -> None:
        for _number, sector, offset, _size, _crc in self._outdated:
            program(self._device, sector, offset, b"\0\0")
        self._outdated = []

    def draft(self) -> Draft:
        """A value that comes in pieces goes into a sector of its own; `save` makes it count."""
        return Draft(self._device, self.fresh())

    def save(self, draft: Draft, name: str, crc: int) -> None:
        """`crc`: of all of its bytes."""
        if not self.commit(draft.sector, 0, name, draft.size, crc):
            raise OSError(5)

    def sync(self) -> None:
        """Have a device that gathers what it was given save it."""
        self._device.ioctl(3, 0)

    # -- sectors

    def fresh(self) -> int:
        """An erased sector; without one that was erased ahead, one is erased now, which stalls."""
        for sector in range(self._first, len(self._ends)):
            if self._ends[sector] == 0 and self._is_blank(sector, 0, self._size):
                return sector
        for sector in range(self._first, len(self._ends)):
            if self._is_erased(sector, -1):
                return sector
        raise OSError(28)

    def spare_n(self) -> int:
        """How many sectors seem erased."""
        return sum(self._ends[sector] == 0 for sector in range(self._first, len(self._ends)))

    def is_short(self) -> bool:
        """Whether the next is to be erased at once."""
        return self.spare_n() < SPARE_MIN

    def erase_step(self, start: int = 0, busy: int = -1) -> int:
        """Erase the first sector from `start` on that holds no value, or keep anew what a bit has flipped in.

        Its number, -1 when there was none. `busy`: where something is being put together.
        """
        for sector in range(max(start, self._first), len(self._ends)):
            if self._is_renewed(sector) or self._is_erased(sector, busy):
                return sector
        return -1

    def _is_renewed(self, sector: int) -> bool:
        """Whether the value in it was kept anew because a bit had flipped."""
        for name in self._places:
            place = self._places[name]
            if place[1] == sector and self.is_damaged(place):
                from . import kept_damage

                return kept_damage.is_renewed(self, name)
        return False

    def _is_erased(self, sector: int, busy: int) -> bool:
        if sector == busy or any(place[1] == sector for place in self._places.values()):
            return False
        if any(place[0] == sector for place in self.strange) or self._is_blank(sector, 0, self._size):
            return False
        self._device.ioctl(6, sector)
        if not self._is_blank(sector, 0, self._size):
            return False
        self._ends[sector] = 0
        return True

    def _is_blank(self, sector: int, offset: int, size: int) -> bool:
        """Whether so many bytes are erased; False where they do not fit."""
        if offset + size > self._size:
            return False
        self._between()
        return is_blank(self._device, sector, offset, size, self._piece)


def _room(size: int) -> int:
    """What a record takes, so that the next begins at a multiple of four."""
    return HEAD_SIZE + size + -size % ALIGN
