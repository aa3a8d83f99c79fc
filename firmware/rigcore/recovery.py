"""Finds what a store holds after power came back; nothing is written to recover.

Each set's header links to the set before: its number, address, length and checksum. Each sector's header
holds the number up to which the host has confirmed, and address, length and checksum of the newest set
at that point. So a start reads the sector headers, the records of one sector and one header a set; only
where a link is damaged beyond mending are all records walked.

Needed at the start alone, so the board forgets this module afterwards.
"""

import struct
from array import array

from . import records
from .bit_repair import find, mend
from .flash_ring import BAD, DIRTY, ERASED, HEADER, HEADER_SIZE, LIVE, MAGIC
from .setindex import SetIndex


def mount(log):
    """Afterwards `index` lists the sets that are kept."""
    state = _scan(log.ring)
    if state is None:
        return
    log.confirmed = state[0]
    end = _resume(log, state)
    if not (end and _follow_links(log)):
        end = _walk_all(log)
    _go_on_at(log.ring, end)  # or in a fresh sector, when something torn lies there
    log.index.drop_to(log.confirmed)
    log.last_no = max(log.last_no, log.confirmed, log.index.last_no())
    log.give_up()


def _resume(log, state):
    """Take up the newest set where the head's header says, and walk the head; where that ends, 0 if it is lost."""
    _confirmed, address, length, crc = state
    if length:
        record = _header_at(log, address, 0)
        if record is None:
            return 0
        log.index.resume(records.unpack_link(record)[0], address, length, crc)
    return _walk(log, log.ring.head)


def _follow_links(log):
    """Put the sets before the first of the index in front of it; False when a link is damaged."""
    if not len(log.index):
        return True
    older = SetIndex()
    no, address = log.index.no[0], log.index.address[0]
    while True:
        record = _header_at(log, address, no)
        if record is None:
            return False
        _no, no, address, length, crc = records.unpack_link(record)
        if no <= log.confirmed or log.ring.state[address // log.ring.sector_size] != LIVE:
            _put_before(log.index, older)
            return True
        older.resume(no, address, length, crc)


def _header_at(log, address, no):
    """The header record at an address, mended if need be; `no` 0 takes the number that it says."""
    record = _find(log, *divmod(address, log.ring.sector_size), no)
    return record if record and records.parse_head(record)[0] == records.TYPE_HEADER else None


def _find(log, sector, offset, *numbers):
    """The record there as it was written; it belongs to one of these sets or to the one that it says."""
    room = min(log.ring.end_of(sector) - offset, records.BODY_USED + records.OVERHEAD)
    if room <= records.OVERHEAD:
        return None
    claimed = ()
    if room >= records.OVERHEAD + 4:
        claimed = struct.unpack_from("<I", log.ring.read(sector, offset, records.HEAD + 4), records.HEAD)
    return find(lambda size: log.ring.read(sector, offset, size), room, numbers + claimed)


def _walk_all(log):
    """Index every record in the store, oldest sector first; where the head's records end."""
    log.index = SetIndex()
    sector = log.ring.following(log.ring.head)
    for _ in range(log.ring.sector_n):
        if sector == log.ring.head:
            break
        _walk(log, sector)
        sector = log.ring.following(sector)
    return _walk(log, log.ring.head)


def _walk(log, sector):
    """Index the sector's records; where the last sound one ends."""
    offset = end = HEADER_SIZE
    while True:
        last_no = log.index.last_no()
        record = _find(log, sector, offset, last_no, 0, last_no + 1)
        if record is not None:
            _index_record(log, record, sector * log.ring.sector_size + offset)
            end = offset + len(record)
        else:
            record = _record_at(log.ring, sector, offset)
            if record is None:
                break
            log.index.skip(record)
        offset += len(record)
    return end


def _index_record(log, record, address):
    kind = records.parse_head(record)[0]
    if kind == records.TYPE_CONFIRM:
        log.confirmed = max(log.confirmed, struct.unpack_from("<I", record, records.HEAD)[0])
    elif kind == records.TYPE_HEADER:
        log.index.add(records.unpack_link(record)[0], address, record)
    elif len(log.index) and records.is_sound(record, log.index.last_no()):
        log.index.take(record)


def _scan(ring):
    """Read all headers. Returns the head's four words of state, None when the ring is empty."""
    sequences, before = array("I", ring.used), array("H", ring.used)
    state = None
    for sector in range(ring.sector_n):
        header = _header_of(ring, sector)
        ring.state[sector] = _kind_of(ring, sector, header)
        if header is not None and header[1]:
            sequences[sector], before[sector] = header[1], header[2]
            if header[1] > ring.sequence:
                ring.sequence, ring.head, state = header[1], sector, header[4:8]
    for sector in range(ring.sector_n):
        if ring.state[sector] == LIVE:
            after = ring.following(sector)
            is_next = sequences[after] == sequences[sector] + 1
            ring.used[sector] = before[after] if is_next else ring.sector_size
    ring.bad_n = sum(1 for kind in ring.state if kind == BAD)
    return state


def _header_of(ring, sector):
    """The header's fields, None where there is none; sequence 0 marks a bad sector."""
    view = ring.read(sector, 0, HEADER_SIZE)
    fields = struct.unpack(HEADER, view)
    if fields == (0,) * len(fields):
        return fields
    flipped = fields[0] ^ MAGIC  # wide
    if flipped & (flipped - 1):  # wide
        return None
    mended = mend(view, 0)
    return None if mended is None else struct.unpack(HEADER, mended)


def _kind_of(ring, sector, header):
    if header is None:
        return ERASED if ring.is_blank(sector, 0) else DIRTY
    return LIVE if header[1] else BAD


def _record_at(ring, sector, offset):
    """A view of what seems a record there, None where flash is erased or no record can be."""
    stop = ring.end_of(sector)
    if offset + records.OVERHEAD > stop:
        return None
    kind, length, _seq = records.parse_head(ring.read(sector, offset, records.HEAD))
    total = length + records.OVERHEAD
    if kind in (0, records.TYPE_ERASED) or length > records.BODY_USED or offset + total > stop:
        return None
    return ring.read(sector, offset, total)


def _go_on_at(ring, offset):
    """After a scan: the head's records end here."""
    ring.offset = offset
    ring.is_left = not ring.is_blank(ring.head, offset)


def _put_before(index, older):
    """Older sets, an index that was filled newest first."""
    for name in ("no", "address", "length", "crc"):
        setattr(index, name, array("I", reversed(getattr(older, name))) + getattr(index, name))
