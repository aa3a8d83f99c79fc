"""Finds the sets of a store that is damaged beyond what `rigcore.recovery` expects; loaded only then.

A sector's header can be had from its neighbours, a set's header from the link in the next one, and what follows
a damaged record by looking for the next sound one. Bits are mended where a record is missed and nowhere else.
`log.damage` gets (sector, offset, words) of all that is not as it was written; `ring.kept` the sectors whose
content was not understood, which are not erased until somebody was told.
"""

import struct

from . import TYPE_CHECKING, records, recovery, renewal
from .bit_repair import find, mend
from .flash_ring import BAD, DIRTY, GIVEN_UP, HEADER, HEADER_SIZE, LIVE, MAGIC
from .setindex import SetIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from .flash_ring import FlashRing
    from .setlog import SetLog

ONES_MAX = 24  # bits set in a header that was overwritten with zeros
STRANGE_MAX = 8  # bits by which the first word of a header may differ from what every header begins with
DAMAGED_MAX = 4  # records in a row; more are not one set's
DAMAGE_MAX = 16  # places that are told
_HEADER_LOST, _MENDED, _LOST = "header lost", "mended", "record lost"


# -- sectors


def finish_copies(ring: "FlashRing", odd: "list[int]") -> "list[int]":
    """Finish a sector that was being written anew when power went; the odd sectors that are left."""
    copies = [sector for sector in odd if renewal.is_copy(ring, sector)]
    for sector in copies:
        renewal.put_back(ring, sector)
    return [sector for sector in recovery.scan(ring) if sector not in copies] if copies else odd


def sort_out(log: "SetLog", odd: "list[int]") -> None:
    """Decide what the sectors are whose headers are not sound; `log.fixed` holds headers that were mended."""
    ring = log.ring
    unclear = [sector for sector in odd if not _is_explained(log, sector)]
    for sector in unclear:
        if _is_between(log, sector) or _was_header(ring, sector):
            log.guessed.append(sector)
            tell(log, sector, 0, _HEADER_LOST)
        else:
            ring.state[sector] = DIRTY
    for sector in log.guessed:
        ring.state[sector] = LIVE
    _find_head(log)
    for sector in odd:
        if ring.state[sector] == LIVE:
            _set_used(log, _before(ring, sector))
            _set_used(log, sector)


def _is_explained(log: "SetLog", sector: int) -> bool:
    """Whether one bit or zeros over the header say what the sector is."""
    ring = log.ring
    header = bytes(ring.read(sector, 0, HEADER_SIZE))
    mended = mend(header, 0)
    if mended is not None and struct.unpack_from("<I", mended)[0] == MAGIC:  # wide
        log.fixed[sector] = struct.unpack(HEADER, mended)
        ring.state[sector] = LIVE
        tell(log, sector, 0, _MENDED, mended)
        return True
    if _ones(header) <= ONES_MAX:
        ring.state[sector] = BAD
        ring.bad_n += 1
        return True
    return False


def _find_head(log: "SetLog") -> None:
    """The newest of the headers that were mended may be the newest of all; without any the first guess is."""
    ring = log.ring
    for sector in log.fixed:
        if log.fixed[sector][1] > ring.sequence:
            ring.sequence, ring.head = log.fixed[sector][1], sector
    if ring.head < 0 and log.guessed:
        ring.head, ring.sequence = log.guessed[0], 1
        log.fixed[ring.head] = (MAGIC, 1, 0, 1) + records.NO_LINK + (0,)


def state_of(log: "SetLog", state: "tuple[int, ...]") -> "tuple[int, ...]":
    """The four words of state in the head's header, as it was written."""
    fixed = log.fixed.get(log.ring.head)
    return fixed[4:8] if fixed else state


def walk_on(log: "SetLog", end: int) -> int:
    """Sectors after the head whose headers are lost may hold the newest records; where those end."""
    ring = log.ring
    for _ in range(len(log.guessed)):
        after = ring.following(ring.head)
        if after not in log.guessed or not _is_newer(log, after):
            break
        ring.set_end(ring.head, end)
        ring.head = after
        ring.sequence += 1
        end = recovery.walk(log, after)
    return end


def _is_newer(log: "SetLog", sector: int) -> bool:
    """Whether a sector goes on where the head ended."""
    at, no = next_sound(log, sector, HEADER_SIZE)
    if at < 0:
        return False
    view = log.ring.read(sector, at, records.HEAD + 4)
    kind = records.parse_head(view)[0]
    if kind == records.TYPE_CONFIRM:
        return struct.unpack_from("<I", view, records.HEAD)[0] > log.confirmed
    return no > log.index.last_no() or kind != records.TYPE_HEADER and no == log.index.last_no()


def _before(ring: "FlashRing", sector: int) -> int:
    """The sector with records before this one."""
    for step in range(1, ring.sector_n):
        at = (sector - step) % ring.sector_n
        if ring.state[at] == LIVE:
            return at
    return sector


def _sequence(log: "SetLog", sector: int) -> "tuple[int, ...]":
    """(sequence, bytes used of the sector before) in a sector's header; zeros where it is lost."""
    if sector in log.fixed:
        return log.fixed[sector][1:3]
    if sector in log.guessed:
        return 0, 0
    return log.ring.told_in(sector)


def _is_between(log: "SetLog", sector: int) -> bool:
    """Whether a number is missing in the row of sequences where this sector lies."""
    ring = log.ring
    before, after = _sequence(log, _before(ring, sector))[0], _sequence(log, ring.following(sector))[0]
    return 0 < before < after - 1  # wide


def _was_header(ring: "FlashRing", sector: int) -> bool:
    """Whether it begins nearly as a header, with something behind it."""
    strange = struct.unpack("<I", ring.read(sector, 0, 4))[0] ^ MAGIC  # wide
    is_near = _ones(struct.pack("<I", strange)) <= STRANGE_MAX
    return is_near and ring.read(sector, HEADER_SIZE, 4) != b"\xff\xff\xff\xff"


def _ones(data: bytes) -> int:
    return sum(bin(byte).count("1") for byte in data)


def _set_used(log: "SetLog", sector: int) -> None:
    """How far a sector is valid: as the next one's header says, or as far as records follow each other."""
    ring = log.ring
    own, (following, used) = _sequence(log, sector)[0], _sequence(log, ring.following(sector))
    if not own or following != own + 1:
        ring.set_end(sector, ring.sector_size)
        used = HEADER_SIZE
        record = recovery.record_at(ring, sector, used)
        while record is not None:
            used += len(record)
            record = recovery.record_at(ring, sector, used)
    ring.set_end(sector, used)


# -- records


def header_at(log: "SetLog", address: int, room: int, no: int) -> "bytes | None":
    """A damaged header record, mended if one bit can explain it; else None."""
    sector, offset = divmod(address, log.ring.sector_size)
    claimed = struct.unpack_from("<I", log.ring.read(sector, offset, records.HEAD + 4), records.HEAD)
    record = _mended(log, sector, offset, room, (no,) if no else claimed)
    if record is not None and records.parse_head(record)[0] == records.TYPE_HEADER:
        return record
    tell(log, sector, offset, _LOST)
    return None


def walk_past(log: "SetLog", sector: int, offset: int) -> int:
    """Go on behind something that is no sound record; where the last sound one ends."""
    ring = log.ring
    end, stop = offset, _written_end(ring, sector)
    if not len(log.index):
        _look_for_confirmations(log, sector, offset)
    while offset + records.OVERHEAD <= stop:
        # Left-over records of an erased set tell nothing, not even where the next one begins.
        if not len(log.index):
            offset = _first_telling(log, sector, offset, stop)
            if offset < 0:
                break
        record = recovery.record_at(ring, sector, offset)
        address = sector * ring.sector_size + offset
        if record is None or not recovery.index_record(log, record, address):
            no = log.index.last_no()
            claimed = struct.unpack_from("<I", ring.read(sector, offset, records.HEAD + 4), records.HEAD)[0]
            numbers = (no, 0, no + 1, claimed, log.confirmed + 1)
            record = _mended(log, sector, offset, min(stop - offset, records.BODY_USED), numbers)
            if record is None or not recovery.index_record(log, record, address):
                found, number = next_sound(log, sector, offset + 1, offset)
                if found < 0:
                    break
                _pass_over(log, sector, offset, found - offset, number)
                offset = found
                continue
        offset += len(record)
        end = offset
    if sector != ring.head and end < ring.end_of(sector):
        _pass_over(log, sector, end, ring.end_of(sector) - end, 0)
    return end


def _look_for_confirmations(log: "SetLog", sector: int, offset: int) -> None:
    """Up to which set the host has all: a record after the sets may say so, and what is not in it is missed."""
    at = next_sound(log, sector, offset)[0]
    while at >= 0:
        record = log.ring.read(sector, at, records.HEAD + 4)
        kind, length, _seq = records.parse_head(record)
        if kind == records.TYPE_CONFIRM:
            log.confirmed = max(log.confirmed, struct.unpack_from("<I", record, records.HEAD)[0])
        at = next_sound(log, sector, at + length + records.OVERHEAD)[0]


def _first_telling(log: "SetLog", sector: int, start: int, stop: int) -> int:
    """Where a sound record lies, or before it the damaged header of the first set after the confirmed ones; else -1.

    That header is known by its number, or by that of the set before.
    """
    ring, first = log.ring, log.confirmed + 1
    found = next_sound(log, sector, start)[0]
    data = bytearray(max(0, (stop if found < 0 else found) - start))
    ring.device.readblocks(sector, data, start)
    for number, lies_at in ((first, records.HEAD), (first - 1, records.HEAD + 4)):
        word = struct.pack("<I", number)
        at = data.find(word, lies_at)
        while at >= 0:
            offset = start + at - lies_at
            room = min(stop - offset, records.BODY_USED)
            record = find(lambda size, offset=offset: ring.read(sector, offset, size), room, (first,))
            if record is not None and records.parse_head(record)[0] == records.TYPE_HEADER:
                return offset
            at = data.find(word, at + 1)
    return found


def walk_before(log: "SetLog", progress: "Callable[[str], None]") -> None:
    """A link or the newest set's header is lost: look at all records before the first set that is known."""
    ring, known = log.ring, log.index
    log.index = found = SetIndex()
    first_no = known.no[0] if len(known) else 0
    last = known.address[0] // ring.sector_size if first_no else ring.head
    sector = ring.head
    for _ in range(ring.sector_n):
        sector = ring.following(sector)
        if sector % 16 == 0:
            progress("log, sector %d of %d" % (sector, ring.sector_n))
        if ring.read(sector, HEADER_SIZE, 2) != GIVEN_UP:
            recovery.walk(log, sector)
        if sector == last:
            break
    n = 0
    while n < len(found) and (not first_no or found.no[n] < first_no):
        n += 1
    for name in ("no", "address", "length", "crc"):
        setattr(found, name, getattr(found, name)[:n] + getattr(known, name))
    if first_no:
        found.seq = known.seq
    ring.kept.update([place[0] for place in log.damage if place[2] != _MENDED])


def next_sound(log: "SetLog", sector: int, start: int, lost_at: int = -1) -> "tuple[int, int]":
    """(offset of the next sound record, number of the set that it belongs to); offset -1 when there is none.

    lost_at: where a damaged record lies, which may be the header of the set that the next one belongs to.
    """
    ring = log.ring
    data = bytearray(max(0, ring.end_of(sector) - start))
    if sector == ring.head:
        data = bytearray(ring.sector_size - start)
    ring.device.readblocks(sector, data, start)
    whole, last_no = memoryview(data), log.index.last_no()
    numbers = (last_no, last_no + 1)
    if lost_at >= 0:
        numbers += struct.unpack_from("<I", ring.read(sector, lost_at, records.HEAD + 4), records.HEAD)
    for at in range(len(data) - records.OVERHEAD + 1):
        kind = data[at + 1] >> 4
        if kind in (
            records.TYPE_HEADER,
            records.TYPE_END,
            records.TYPE_CONFIRM,
            records.TYPE_NOTE,
            records.TYPE_BLOCK,
        ):
            size = ((data[at] | data[at + 1] << 8) & records.BODY_MAX) + records.OVERHEAD
            if at + size <= len(data) and size <= records.BODY_USED:
                record = whole[at : at + size]
                for no in _owners(kind, record, numbers):
                    if records.is_sound(record, no):
                        return start + at, no
    return -1, 0


def _owners(kind: int, record: "bytes | memoryview", numbers: "tuple[int, ...]") -> "tuple[int, ...]":
    """The sets that a record may belong to."""
    if kind == records.TYPE_CONFIRM:
        return (0,)
    if kind == records.TYPE_HEADER:
        return struct.unpack_from("<I", record, records.HEAD) if len(record) > records.LINK_SIZE else ()
    return numbers


def _pass_over(log: "SetLog", sector: int, offset: int, size: int, number: int) -> None:
    """Bytes that are no sound record: the newest set's, if a sound one of it follows, or set `number`'s header."""
    index = log.index
    tell(log, sector, offset, _LOST)
    piece = bytearray(size)
    log.ring.device.readblocks(sector, piece, offset)
    if number > index.last_no():
        index.add(number, sector * log.ring.sector_size + offset, piece)
    elif len(index):
        if len(index.damaged) < DAMAGED_MAX:  # perhaps the newest set's
            index.damaged.append(bytes(piece))


def _mended(log: "SetLog", sector: int, offset: int, room: int, numbers: "tuple[int, ...]") -> "bytes | None":
    """The record there with one bit put right; None when that does not help or what is there was torn."""
    ring = log.ring
    if room <= records.OVERHEAD:
        return None
    record = find(lambda size: ring.read(sector, offset, size), room, numbers)
    if record is not None:
        tell(log, sector, offset, _MENDED, record)
    return record


def _written_end(ring: "FlashRing", sector: int) -> int:
    """Where the last byte that is not erased lies, at most where the sector's records end."""
    stop = ring.sector_size if sector == ring.head else ring.end_of(sector)
    while stop > HEADER_SIZE:
        start = max(HEADER_SIZE, stop - 256)
        written = bytes(ring.read(sector, start, stop - start)).rstrip(b"\xff")
        if written:
            return min(start + len(written) + records.OVERHEAD, stop) if sector == ring.head else stop
        if sector != ring.head:
            return stop
        stop = start
    return stop


def tell(log: "SetLog", sector: int, offset: int, words: str, right: "bytes | None" = None) -> None:
    """Remember a damaged place; `right` are its bytes as they were written, to be programmed again."""
    if not any(place[0] == sector and place[1] == offset for place in log.damage):
        if len(log.damage) < DAMAGE_MAX:
            log.damage.append((sector, offset, words))
        if right is not None:
            log.ring.mended.append((sector, offset, bytes(right)))
