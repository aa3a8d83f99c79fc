"""Reads a set's bytes from the log, sector by sector. Loaded when sets are read."""

from . import TYPE_CHECKING, records
from .flash_ring import HEADER_SIZE

if TYPE_CHECKING:
    from .setlog import SetLog


def read_set(log: "SetLog", position: int, offset: int, size: int) -> "bytes | memoryview":
    """Up to `size` of a set's bytes from `offset` on, as a view that lasts until the next read.

    `position`: the set's in the log's index. Fewer where a sector ends; none where the set does.
    """
    ring, index = log.ring, log.index
    sector, start = divmod(index.address[position], ring.sector_size)
    size = min(size, index.length[position] - offset, records.BODY_USED)
    while size > 0:
        stop = ring.end_of(sector)
        if offset < stop - start:
            return ring.read(sector, start + offset, min(size, stop - start - offset))
        if sector == ring.head:
            break
        offset -= stop - start
        sector, start = ring.following(sector), HEADER_SIZE
    return b""
