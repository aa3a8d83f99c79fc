"""A value that comes in pieces, on its way into flash (kept.py)."""

from . import TYPE_CHECKING

if TYPE_CHECKING:
    from .block_device import BlockDevice

HEAD_SIZE = 48  # is left free before the value
PIECE = 256


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


def bytes_at(device: "BlockDevice", sector: int, offset: int, size: int) -> bytes:
    data = bytearray(size)
    device.readblocks(sector, data, offset)
    return bytes(data)
