"""The board's flash: NOR memory in a partition table, with its stalls and with power cuts in mid-operation."""

from __future__ import annotations

import errno
import mmap
import os
import tempfile
from pathlib import Path
from random import Random

from retrorig.errors import InputError
from retrorig.partitions import SECTOR, STOCK, PartitionEntry, with_setlog, without_setlog
from retrorig.virtual import costs
from retrorig.virtual.clock import Clock
from retrorig.virtual.interrupts import Interrupts

PAGE = 256


def partition_table(flash_mb: int, setlog: bool) -> list[PartitionEntry]:
    """The table that `retrorig flash` writes, or (without `setlog`) the stock one with the vfs made at run time."""
    return (with_setlog if setlog else without_setlog)(STOCK, flash_mb << 20)


class PowerCut(Exception):
    """The supply failed in the middle of a flash operation."""


class FlashImage:
    """The bytes of the flash, in memory or written through to a file at each operation.

    `memory` is a nameless file of the same bytes, which the interpreter reads by itself.
    """

    def __init__(self, size: int, path: str | Path | None = None) -> None:
        self.is_new = True
        self._file: int | None = None
        self.memory = _memory(size)
        self.data = mmap.mmap(self.memory, size)
        self.data[:] = b"\xff" * size
        if path is not None:
            self._open(Path(path), size)

    def _open(self, path: Path, size: int) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            there = os.fstat(self._file).st_size
            stored = self._stored(size) if there == size else b""
            if len(stored) != there:
                raise InputError(
                    f"The flash file {path} is not {size >> 20} MB long: it is no flash of this rig and was left alone."
                )
        except OSError as error:
            raise InputError(f"The flash file {path} can't be used ({error.strerror}).") from None
        if not stored:
            return
        self.data[:] = stored
        self.is_new = stored == b"\xff" * size

    def _stored(self, size: int) -> bytes:
        """What the file holds; less than `size` where somebody shortens it meanwhile."""
        assert self._file is not None
        stored = b""
        while len(stored) < size and (more := os.read(self._file, size - len(stored))):
            stored += more
        return stored

    def write(self, address: int, data: bytes) -> None:
        """Replace bytes as they are, in memory and (once the image is no longer new) in the file."""
        self.data[address : address + len(data)] = data
        if self._file is not None and not self.is_new:
            self._save(data, address)

    def deliver(self) -> None:
        """Write the new board's content to the file in one piece."""
        self.is_new = False
        if self._file is not None:
            self._save(self.data, 0)

    def _save(self, data: bytes | mmap.mmap, address: int) -> None:
        """Write all of it; a full disk is told in a sentence."""
        assert self._file is not None
        view = memoryview(data)
        try:
            while view:
                n = os.pwrite(self._file, view, address)
                if not n:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                view, address = view[n:], address + n
        except OSError as error:
            raise InputError(
                f"The flash file can't be written ({error.strerror}): make room for it."
            ) from None

    def close(self) -> None:
        """Give the files back; `data` can still be looked at."""
        if self.memory >= 0:
            os.close(self.memory)
            self.memory = -1
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _memory(size: int) -> int:
    """A nameless file of this length."""
    try:
        if hasattr(os, "memfd_create"):
            file = os.memfd_create("flash")
        else:  # macOS
            with tempfile.TemporaryFile() as named:
                file = os.dup(named.fileno())
        os.truncate(file, size)
    except OSError as error:
        raise InputError(
            f"There is no room for the {size >> 20} MB of a virtual rig's flash ({error.strerror}): "
            "make room in memory, or raise the limit of a file's length (ulimit -f)."
        ) from None
    return file


class Flash:
    """Operations on the image as the chip does them: each stalls everything and holds off the interrupts.

    Programming only clears bits. `operations` counts programmed pages and erased sectors. While the image
    is new (the firmware is being put on it) nothing takes time.
    """

    def __init__(self, image: FlashImage, clock: Clock, interrupts: Interrupts, rng: Random) -> None:
        self.image = image
        self._clock, self._interrupts, self._rng = clock, interrupts, rng
        self.operations = 0
        self._cut_at: int | None = None
        self._cut_fraction = 0.0

    def cut_after(self, operations: int, fraction: float) -> None:
        """Cut the power in the next operation after so many more, when `fraction` (0..1) of it is done."""
        self._cut_at = self.operations + operations
        self._cut_fraction = fraction

    def read(self, address: int, n: int) -> bytes:
        self._clock.advance(0 if self.image.is_new else costs.FLASH_CALL + n * costs.FLASH_READ_BYTE)
        return bytes(self.image.data[address : address + n])

    def program(self, address: int, data: bytes) -> None:
        """Program page by page; no erase."""
        start = 0
        while start < len(data):
            n = min(PAGE - (address + start) % PAGE, len(data) - start)
            self._program_page(address + start, data[start : start + n])
            start += n

    def erase(self, address: int, n: int) -> None:
        for sector in range(address // SECTOR * SECTOR, address + n, SECTOR):
            self._erase_sector(sector)

    def _program_page(self, address: int, data: bytes) -> None:
        old = self.image.data[address : address + len(data)]
        new = bytes(a & b for a, b in zip(old, data, strict=True))
        cost = max(costs.PROGRAM_MIN, costs.PROGRAM_PAGE * len(data) // PAGE)
        if self._is_cut():
            done = int(len(data) * self._cut_fraction)
            torn = bytes(
                a & (b | self._rng.getrandbits(8)) for a, b in zip(old[done:], new[done:], strict=True)
            )
            self.image.write(address, new[:done] + torn[:16] + bytes(old[done + 16 :]))
            raise PowerCut
        self.image.write(address, new)
        self._stall(cost)

    def _erase_sector(self, address: int) -> None:
        if self._is_cut():
            old = self.image.data[address : address + SECTOR]
            half_erased = (
                b | self._rng.getrandbits(8) if self._rng.random() < self._cut_fraction else b for b in old
            )
            self.image.write(address, bytes(half_erased))
            raise PowerCut
        self.image.write(address, b"\xff" * SECTOR)
        self._stall(int(self._rng.triangular(costs.ERASE_MIN, costs.ERASE_MAX, costs.ERASE_TYPICAL)))

    def _is_cut(self) -> bool:
        if self._cut_at is not None and self.operations >= self._cut_at:
            self._cut_at = None
            return True
        self.operations += 1
        return False

    def _stall(self, duration_ns: int) -> None:
        if self.image.is_new:
            return
        self._interrupts.hold()
        self._clock.advance(duration_ns)
        self._interrupts.release()
