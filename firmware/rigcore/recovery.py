"""Finds what a store holds after power came back. Nothing is written to recover, but a sector that was being written
anew is finished.

Each set's header links to the set before: its number, address, length and checksum. Each sector's header
holds the number up to which the host has confirmed, and address, length and checksum of the newest set
at that point. So a start reads the sector headers, the records of one sector and one header a set. What is
damaged beyond that is `rigcore.rescue`'s matter, which a healthy store never loads.

Needed at the start alone, so the board forgets this module afterwards.
"""

import binascii
import struct
from array import array

from . import TYPE_CHECKING, records
from .flash_ring import BLANK, GIVEN_UP, HEADER, HEADER_SIZE, LIVE, VERSION, NewerFormat
from .setindex import SetIndex

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .flash_ring import FlashRing
    from .setlog import SetLog

_SOUND = 0x2144DF1C  # CRC-32 of whatever ends with its own
_MAGIC_LOW = 0x52
_GLANCE = 256  # bytes: a set's header fits as a rule


def rescue() -> "ModuleType":
    """What deals with damage; loaded when there is some."""
    from . import rescue as found

    return found


def mount(log: "SetLog", tell: "Callable[[str], None]" = lambda words: None) -> None:
    """Afterwards `index` lists the sets that are kept, and `damage` what is not as it was written.

    `tell(words)` is called where it takes long, as when many sectors have to be looked through. Raises NewerFormat.
    """
    ring = log.ring
    odd = scan(ring)
    if odd:
        odd = rescue().finish_copies(ring, odd)
        rescue().sort_out(log, odd)
    if ring.head < 0:
        return
    state = struct.unpack(HEADER, ring.read(ring.head, 0, HEADER_SIZE))[4:8]
    if odd:
        state = rescue().state_of(log, state)
    log.confirmed = state[0]
    is_given_up, state = _before_given_up(ring, state)
    is_whole = _resume(log, state)
    end = ring.sector_size if is_given_up else walk(log, ring.head)
    if odd:
        end = rescue().walk_on(log, end)
    if not (is_whole and follow_links(log)):
        rescue().walk_before(log, tell)
    _go_on_at(ring, end)  # or in a fresh sector, when something torn lies there
    log.last_no = max(log.last_no, log.confirmed, log.index.last_no())
    _drop_remarks(log.index)
    log.index.drop_to(log.confirmed)
    log.give_up()


def scan(ring: "FlashRing") -> "list[int]":
    """Read all headers, which takes most of a start: nothing is allocated a sector. The sectors with odd ones.

    Raises NewerFormat where one has a version that is not known yet.
    """
    read, state, blank = ring.device.readblocks, ring.state, b"\xff" * HEADER_SIZE
    header = bytearray(HEADER_SIZE)
    odd: list[int] = []
    for sector in range(ring.sector_n):
        read(sector, header, 0)
        if header == blank:
            state[sector] = BLANK
        elif binascii.crc32(header) != _SOUND or header[0] != _MAGIC_LOW:
            odd.append(sector)
        elif header[10] | header[11] << 8 > VERSION:
            raise NewerFormat
        else:
            state[sector] = LIVE
            sequence = header[4] | header[5] << 8 | header[6] << 16 | header[7] << 24
            if sequence > ring.sequence:
                ring.sequence, ring.head = sequence, sector
    return odd


def _before_given_up(ring: "FlashRing", state: "tuple[int, ...]") -> "tuple[bool, tuple[int, ...]]":
    """(whether the head has nothing but a movement that was none, whose room was to be used again; state before it)."""
    is_given_up = ring.read(ring.head, HEADER_SIZE, 2) == GIVEN_UP
    while state[2]:
        sector = state[1] // ring.sector_size
        if ring.state[sector] != LIVE or ring.read(sector, HEADER_SIZE, 2) != GIVEN_UP:
            break
        is_given_up = True
        state = struct.unpack(HEADER, ring.read(sector, 0, HEADER_SIZE))[4:8]
    return is_given_up, state


def _resume(log: "SetLog", state: "tuple[int, ...]") -> bool:
    """Take up the newest set where the head's header says; False when its own header is lost."""
    _confirmed, address, length, crc = state
    if not length or log.ring.state[address // log.ring.sector_size] != LIVE:
        return True  # no set, or one that was confirmed and erased, as all before it
    record = header_at(log, address, 0)
    if record is None:
        return False
    log.index.resume(records.unpack_link(record)[0], address, length, crc)
    return True


def follow_links(log: "SetLog") -> bool:
    """Put the sets before the first of the index in front of it; False when a link is damaged."""
    if not len(log.index):
        return True
    older, size = SetIndex(), log.ring.sector_size
    no, address = log.index.no[0], log.index.address[0]
    is_whole = False
    while True:
        record = header_at(log, address, no)
        if record is None:
            break
        _no, no, address, length, crc = records.unpack_link(record)
        if no <= log.confirmed or log.ring.state[address // size] != LIVE:
            is_whole = True
            break
        older.resume(no, address, length, crc)
    _put_before(log.index, older)
    return is_whole


def header_at(log: "SetLog", address: int, no: int) -> "bytes | memoryview | None":
    """The header record at an address, mended if need be; `no` 0 takes the number that it says."""
    ring = log.ring
    sector, offset = divmod(address, ring.sector_size)
    room = min(ring.end_of(sector) - offset, records.BODY_USED + records.OVERHEAD)
    if room < records.OVERHEAD + records.LINK_SIZE:
        return None
    view = ring.read(sector, offset, min(room, _GLANCE))
    kind, length, _seq = records.parse_head(view)
    if kind == records.TYPE_HEADER and records.LINK_SIZE <= length <= room - records.OVERHEAD:
        size = length + records.OVERHEAD
        record = view[:size] if size <= len(view) else ring.read(sector, offset, size)
        if records.is_sound(record, no or records.unpack_link(record)[0]):
            return record
    return rescue().header_at(log, address, room, no)


def walk(log: "SetLog", sector: int) -> int:
    """Index the sector's records; where the last sound one ends."""
    ring = log.ring
    offset = sure = HEADER_SIZE
    while True:
        record = record_at(ring, sector, offset)
        if record is None or not index_record(log, record, sector * ring.sector_size + offset):
            break
        offset += len(record)
        if len(log.index):
            sure = offset
    if not is_over(ring, sector, offset):
        offset = rescue().walk_past(log, sector, sure)
    return offset


def is_over(ring: "FlashRing", sector: int, offset: int) -> bool:
    """Whether nothing follows there: erased flash, or the end of what the sector holds."""
    stop = ring.end_of(sector)
    return offset + records.OVERHEAD > stop or ring.read(sector, offset, 4) == b"\xff\xff\xff\xff"


def record_at(ring: "FlashRing", sector: int, offset: int) -> "bytes | memoryview | None":
    """A view of what seems a record there, None where flash is erased or no record can be."""
    stop = ring.end_of(sector)
    if offset + records.OVERHEAD > stop:
        return None
    kind, length, _seq = records.parse_head(ring.read(sector, offset, records.HEAD))
    total = length + records.OVERHEAD
    if kind in (0, records.TYPE_ERASED) or length > records.BODY_USED or offset + total > stop:
        return None
    return ring.read(sector, offset, total)


def index_record(log: "SetLog", record: "bytes | memoryview", address: int) -> bool:
    """Take a record into the index; False when it is not sound."""
    index = log.index
    kind = records.parse_head(record)[0]
    if kind == records.TYPE_CONFIRM:
        if not records.is_sound(record, 0):
            return False
        log.confirmed = max(log.confirmed, struct.unpack_from("<I", record, records.HEAD)[0])
    elif kind == records.TYPE_HEADER:
        if len(record) < records.OVERHEAD + records.LINK_SIZE:
            return False
        no, link_no, link_address, length, crc = records.unpack_link(record)
        if not records.is_sound(record, no):
            return False
        if index.last_no() < link_no and log.ring.state[link_address // log.ring.sector_size] == LIVE:
            index.resume(link_no, link_address, length, crc)  # its own header is lost
        index.add(no, address, record)
    elif not len(index):
        return (
            record[2] != 0
        )  # what is left of a set that was confirmed and erased; number 0 may be a lost header
    elif not records.is_sound(record, index.last_no()):
        return False
    else:
        _take(index, record)
        if kind == records.TYPE_END and records.is_remark(record):
            index.remarks.append(index.last_no())
    return True


def _take(index: SetIndex, record: "bytes | memoryview") -> None:
    """A record of the newest set, which proves that damaged ones before it are its own, too."""
    for damaged in index.damaged:
        index.grow(damaged)
    index.damaged = []
    index.grow(record)


def _drop_remarks(index: SetIndex) -> None:
    """Forget the sets that were none. Links lead past them, so there are few."""
    for no in index.remarks:
        at = index.position(no)
        if at is not None:
            index.drop(at, at + 1)
    index.remarks = []


def _go_on_at(ring: "FlashRing", offset: int) -> None:
    """After a scan: the head's records end here."""
    ring.offset = offset
    ring.is_left = not ring.is_blank(ring.head, offset)


def _put_before(index: SetIndex, older: SetIndex) -> None:
    """Older sets, an index that was filled newest first."""
    for name in ("no", "address", "length", "crc"):
        setattr(index, name, array("I", reversed(getattr(older, name))) + getattr(index, name))
