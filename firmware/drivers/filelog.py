"""The set log's sectors as files, for a board whose flash has no partition for them.

LittleFS copies and erases whenever a file is saved, 50 to 100 ms during which no conversion is read. So a
sector's records are gathered in memory and saved when it is full, every 16 s of a set, and when a set ends:
a loss of power costs up to 4 KB of the running set, and each save a few conversions, which are counted:
31 of 3637 in a set of 40 m on the virtual rig.
"""

import os

SECTOR = 4096
SHARE = 2  # of the file system's blocks, one in so many is for the log

_SYNC = 3
_COUNT = 4
_SIZE = 5
_ERASE = 6


class FileLog:
    """A block device as rigcore.flash_ring wants it, in `folder`; `sector_n` must stay what it was."""

    def __init__(self, folder: str, sector_n: int) -> None:
        self._folder = folder
        self._sector_n = sector_n
        self._buffer = bytearray(SECTOR)
        self._sector = -1  # whose bytes are in the buffer
        self._is_saved = True
        try:
            os.mkdir(folder)
        except OSError:
            pass

    def readblocks(self, sector: int, into: memoryview, offset: int = 0) -> None:
        self._load(sector)
        into[:] = memoryview(self._buffer)[offset : offset + len(into)]

    def writeblocks(self, sector: int, data: bytes, offset: int) -> None:
        self._load(sector)
        self._buffer[offset : offset + len(data)] = data
        self._is_saved = False
        if not offset:
            self._save()  # a new sector's header, so that no sector is missed at the next start

    def ioctl(self, command: int, argument: int) -> int:
        if command == _COUNT:
            return self._sector_n
        if command == _SIZE:
            return SECTOR
        if command == _SYNC:
            self._save()
        elif command == _ERASE:
            self._forget(argument)
        return 0

    def _load(self, sector: int) -> None:
        """Read a sector into the buffer; what a file lacks counts as erased flash."""
        if sector == self._sector:
            return
        try:
            self._save()
        except OSError:
            pass  # the file system is full: what is not saved by now is lost, what is saved stays
        self._sector = -1
        buffer = self._buffer
        size = 0
        try:
            with open(self._path(sector), "rb") as file:
                size = file.readinto(buffer)
        except OSError:
            pass
        for i in range(size, SECTOR):
            buffer[i] = 0xFF
        self._sector = sector

    def _save(self) -> None:
        if not self._is_saved:
            self._is_saved = True
            with open(self._path(self._sector), "wb") as file:
                file.write(self._buffer)

    def _forget(self, sector: int) -> None:
        if sector == self._sector:
            self._sector, self._is_saved = -1, True
        try:
            os.remove(self._path(sector))
        except OSError:
            pass

    def _path(self, sector: int) -> str:
        return "%s/%d.log" % (self._folder, sector)


def sectors_for(path: str) -> int:
    """How many sectors a file system can hold: a figure that does not change with what is on it."""
    status = os.statvfs(path)
    return status[1] * status[2] // SECTOR // SHARE
