"""NOR flash in memory: programming only clears bits, power fails in mid-operation, sectors wear out."""

import random

PAGE = 256


class PowerCut(Exception):
    """Power was lost; what follows a cut is a new boot on the same bytes."""


class NorFlash:
    """A block device of `sector_n` sectors.

    `cut_after`: lose power in the operation after so many (an operation is a programmed page or an erased
    sector), when `torn_fraction` of it is done; the bytes at the edge hold chance. `dead_erase`,
    `dead_program`: sectors that do not erase, or whose bits from half the sector on do not program.
    """

    def __init__(self, sector_n=8, sector_size=4096, image=None, seed=0):
        self.sector_n = sector_n
        self.sector_size = sector_size
        self.bytes = bytearray(image or b"\xff" * sector_n * sector_size)
        self.operations_n = 0
        self.erases = [0] * sector_n
        self.read_n = 0
        self.read_bytes = 0
        self.cut_after = None
        self.torn_fraction = 0.5
        self.dead_erase = set()
        self.dead_program = set()
        self.bad_programs_n = 0  # attempts to set a bit that needs an erase
        self._chance = random.Random(seed)

    @property
    def erase_n(self):
        return sum(self.erases)

    def readblocks(self, block, buf, offset=0):
        start = block * self.sector_size + offset
        self.read_n += 1
        self.read_bytes += len(buf)
        buf[:] = self.bytes[start : start + len(buf)]

    def writeblocks(self, block, buf, offset):
        assert offset + len(buf) <= self.sector_size, "a program crosses the sector"
        start = block * self.sector_size + offset
        done = 0
        while done < len(buf):
            size = min(PAGE - (start + done) % PAGE, len(buf) - done)
            self._program(start + done, bytes(buf[done : done + size]))
            done += size

    def _program(self, start, data):
        whole = self._powered(len(data))
        self._clear(start, data[:whole])
        if whole < len(data):
            for i in range(whole, min(whole + 16, len(data))):
                self.bytes[start + i] &= data[i] | self._chance.getrandbits(8)
            raise PowerCut

    def _clear(self, start, data):
        """The bits of a piece of a page, as one long number: it is done a hundred thousand times."""
        was = int.from_bytes(self.bytes[start : start + len(data)], "little")
        now = int.from_bytes(data, "little")
        if now & ~was:  # zeros may be written over anything
            self.bad_programs_n += 1
        n = len(data)
        if start // self.sector_size in self.dead_program:
            n = max(0, min(n, self.sector_size // 2 + 1 - start % self.sector_size))
        self.bytes[start : start + n] = (was & now).to_bytes(len(data), "little")[:n]

    def ioctl(self, op, arg):
        if op == 4:
            return self.sector_n
        if op == 5:
            return self.sector_size
        return self._erase(arg) if op == 6 else None

    def _erase(self, sector):
        done = self._powered(self.sector_size)
        start = sector * self.sector_size
        if done < self.sector_size:
            for i in range(start, start + self.sector_size):
                if self._chance.random() < self.torn_fraction:
                    self.bytes[i] |= self._chance.getrandbits(8)
            raise PowerCut
        self.erases[sector] += 1
        if sector not in self.dead_erase:
            self.bytes[start : start + self.sector_size] = b"\xff" * self.sector_size
        return 0

    def _powered(self, size):
        """How much of an operation on `size` bytes takes place."""
        self.operations_n += 1
        is_cut = self.cut_after is not None and self.operations_n > self.cut_after
        return min(int(size * self.torn_fraction), size - 1) if is_cut else size


class Gathering(NorFlash):
    """It saves what it was given when it is told to: `saved` is what a loss of power leaves."""

    def __init__(self, sector_n=8):
        super().__init__(sector_n)
        self.saved = bytes(self.bytes)

    def ioctl(self, op, arg):
        if op == 3:
            self.saved = bytes(self.bytes)
        return super().ioctl(op, arg)
