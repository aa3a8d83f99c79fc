"""Writes a sector anew of which bits had flipped to 0, so that no second one joins those that were mended.

Only an erase sets such bits, and power may fail at any moment. So the sector is copied first to one that is erased,
with the mended bytes; then it is erased and written from the copy. The copy's header is that of the sector, but for its
first four bytes, which say whose copy it is; it is written last. A start that finds a copy finishes what was begun.

Loaded for the moment at standstill, and by `rigcore.rescue`.
"""

import binascii
import struct

from . import TYPE_CHECKING
from .flash_ring import BAD, DIRTY, ERASED, HEADER_SIZE, MAGIC

if TYPE_CHECKING:
    from .flash_ring import FlashRing

COPY = 0xADAD  # the first two bytes of a copy's header, far from MAGIC; the next two are the number of the sector
PIECE = 256
_CRC_AT = HEADER_SIZE - 4


def renew_step(ring: "FlashRing") -> bool:
    """Write a sector anew; False when none needs it or can have it now."""
    sector = _first_due(ring)
    spare = ring.next_of(ERASED)
    if sector < 0 or spare < 0:
        return False
    if not _copied(ring, sector, spare):
        ring.condemn(spare)
    else:
        put_back(ring, spare)
        ring.fallen = [place for place in ring.fallen if place[0] != sector]
    return True


def _first_due(ring: "FlashRing") -> int:
    """One that holds something not understood waits until somebody was told."""
    for sector, _offset, _right in ring.fallen:
        if sector not in ring.kept:
            return sector
    return -1


def _copied(ring: "FlashRing", sector: int, spare: int) -> bool:
    header = b""
    for offset in range(0, ring.sector_size, PIECE):
        piece = bytearray(PIECE)
        ring.device.readblocks(sector, piece, offset)
        _mend(ring, sector, offset, piece)
        if offset == 0:
            header = bytes(piece[:HEADER_SIZE])
            piece[:HEADER_SIZE] = b"\xff" * HEADER_SIZE
        if not _programmed(ring, spare, offset, piece):
            return False
    return ring.program(spare, 0, _header(COPY | sector << 16, header))  # wide


def _mend(ring: "FlashRing", sector: int, offset: int, piece: bytearray) -> None:
    """Put the bytes as they were written where they reach into a piece of the sector."""
    for place, start, right in ring.fallen:
        if place == sector:
            for i in range(max(start, offset), min(start + len(right), offset + PIECE)):
                piece[i - offset] = right[i - start]


def is_copy(ring: "FlashRing", sector: int) -> bool:
    """Whether this sector is the whole copy of another."""
    header = ring.read(sector, 0, HEADER_SIZE)
    low, number = struct.unpack_from("<HH", header)
    return (
        low == COPY and number < ring.sector_n and bytes(header) == _header(COPY | number << 16, header)
    )  # wide


def put_back(ring: "FlashRing", spare: int) -> None:
    """Write the sector from its copy, unless it is as the copy already. From then on the copy is none."""
    sector = struct.unpack_from("<H", ring.read(spare, 0, HEADER_SIZE), 2)[0]
    if _is_like(ring, sector, spare) or ring.blanked(sector) and _restored(ring, sector, spare):
        ring.program(spare, 0, bytes(4))
        ring.state[spare] = DIRTY
        ring.has_work = True
    else:  # the copy stays, and the next start tries again
        ring.failing.add(sector)
        ring.state[spare] = BAD


def _is_like(ring: "FlashRing", sector: int, spare: int) -> bool:
    there = bytearray(PIECE)
    for offset in range(0, ring.sector_size, PIECE):
        ring.device.readblocks(sector, there, offset)
        if there != _piece(ring, spare, offset):
            return False
    return True


def _restored(ring: "FlashRing", sector: int, spare: int) -> bool:
    for offset in range(0, ring.sector_size, PIECE):
        if not _programmed(ring, sector, offset, _piece(ring, spare, offset)):
            return False
    return True


def _programmed(ring: "FlashRing", sector: int, offset: int, piece: bytearray) -> bool:
    return piece == b"\xff" * PIECE or ring.program(sector, offset, bytes(piece))


def _piece(ring: "FlashRing", spare: int, offset: int) -> bytearray:
    """A piece of the sector, from its copy."""
    piece = bytearray(PIECE)
    ring.device.readblocks(spare, piece, offset)
    if offset == 0:
        piece[:HEADER_SIZE] = _header(MAGIC, piece)
    return piece


def _header(magic: int, old: "bytes | bytearray | memoryview") -> bytes:
    """A sector's header with another beginning."""
    head = struct.pack("<I", magic) + bytes(old[4:_CRC_AT])
    return head + struct.pack("<I", binascii.crc32(head))
