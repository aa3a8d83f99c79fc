"""NOR flash in memory: programming only clears bits, power fails in the middle of an operation."""


class PowerCut(Exception):
    """Power was lost; what follows a cut is a new boot on the same bytes."""


class NorFlash:
    """A block device of `sector_n` sectors; set `cut_after` to lose power in that operation."""

    def __init__(self, sector_n=8, sector_size=4096, image=None):
        self.sector_n = sector_n
        self.sector_size = sector_size
        self.bytes = bytearray(image or b"\xff" * sector_n * sector_size)
        self.operations_n = 0
        self.erase_n = 0
        self.cut_after = None
        self.torn_fraction = 0.5
        self.bad_programs_n = 0  # attempts to set a bit that needs an erase

    def readblocks(self, block, buf, offset=0):
        start = block * self.sector_size + offset
        buf[:] = self.bytes[start : start + len(buf)]

    def writeblocks(self, block, buf, offset):
        start = block * self.sector_size + offset
        assert offset + len(buf) <= self.sector_size, "a program crosses the sector"
        done = self._powered(len(buf))
        for i in range(done):
            if buf[i] & ~self.bytes[start + i]:
                self.bad_programs_n += 1
            self.bytes[start + i] &= buf[i]
        self._fail_if_cut(done < len(buf))

    def ioctl(self, op, arg):
        if op == 4:
            return self.sector_n
        if op == 5:
            return self.sector_size
        if op == 3:
            return None
        assert op == 6
        done = self._powered(self.sector_size)
        start = arg * self.sector_size
        self.bytes[start : start + done] = b"\xff" * done
        self._fail_if_cut(done < self.sector_size)
        self.erase_n += 1
        return 0

    def _powered(self, size):
        """How much of an operation on `size` bytes takes place."""
        self.operations_n += 1
        is_cut = self.cut_after is not None and self.operations_n > self.cut_after
        return int(size * self.torn_fraction) if is_cut else size

    def _fail_if_cut(self, is_cut):
        if is_cut:
            raise PowerCut
