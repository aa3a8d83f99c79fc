"""A value that comes in pieces, on its way into flash, and how bytes get there and back (kept.py)."""

import binascii

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from .block_device import BlockDevice

HEAD_SIZE = 48  # is left free before the value
PIECE = 256
_ERASED = b"\xff" * PIECE


class Draft:
    """In an erased sector of its own. OSError where flash takes nothing."""

    def __init__(self, device: "BlockDevice", sector: int) -> None:
        self._device = device
        self.sector = sector
        self.size = 0

    def write(self, piece: bytes) -> None:
        if not program(self._device, self.sector, HEAD_SIZE + self.size, piece):
            raise OSError(5)
        self.size += len(piece)

    def read(self) -> bytes:
        """All of it; a device that gathers what it was given has saved it then."""
        self._device.ioctl(3, 0)
        return bytes_at(self._device, self.sector, HEAD_SIZE, self.size)


def program(device: "BlockDevice", sector: int, offset: int, data: bytes) -> bool:
    """Whether the bytes stand in the flash afterwards."""
    for at in range(0, len(data), PIECE):
        device.writeblocks(sector, data[at : at + PIECE], offset + at)
    return bytes_at(device, sector, offset, len(data)) == data


def bytes_at(device: "BlockDevice", sector: int, offset: int, size: int) -> bytearray:
    """No copy is made of them: a plan's 4,000 bytes are a seventh of what is free."""
    data = bytearray(size)
    device.readblocks(sector, data, offset)
    return data


def crc_of(device: "BlockDevice", sector: int, offset: int, size: int, view: memoryview) -> int:
    """CRC-32 of so many bytes, read in pieces as long as `view`: a plan as a whole would fill the heap."""
    found, stop = 0, offset + size
    while offset < stop:
        view = view[: stop - offset]
        device.readblocks(sector, view, offset)
        found = binascii.crc32(view, found)  # wide
        offset += len(view)
    return found


def is_blank(device: "BlockDevice", sector: int, offset: int, size: int, view: memoryview) -> bool:
    """Whether so many bytes are erased; `view` is room for PIECE."""
    erased, stop = _ERASED, offset + size
    while offset < stop:
        if stop - offset < len(view):
            view, erased = view[: stop - offset], erased[: stop - offset]
        device.readblocks(sector, view, offset)
        if view != erased:
            return False
        offset += len(view)
    return True
