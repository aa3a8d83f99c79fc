"""Boxes of a large panel in a fixed piece of memory: objects that come and go would leave the heap full of holes."""

from struct import pack_into, unpack_from

SLOTS_N = 20
TEXT_BYTES = 22
FORMAT = "<hhhhBB22s"  # x, y, width, height, kind, width of a character, what is in it
RECORD = 32
PLACE = 8  # bytes of a record that say where the box is


class Boxes:
    """Up to SLOTS_N boxes in no order that matters; one more is left out."""

    def __init__(self) -> None:
        self.n = 0
        self.records = bytearray(SLOTS_N * RECORD)

    def clear(self) -> None:
        self.n = 0

    def add(self, x: int, y: int, w: int, h: int, kind: int, cell: int, what: bytes) -> None:
        if self.n < SLOTS_N:
            pack_into(FORMAT, self.records, self.n * RECORD, x, y, w, h, kind, cell, what)
            self.n += 1

    def take(self, other: "Boxes", i: int) -> None:
        """Add a copy of the other's box."""
        self.records[self.n * RECORD : (self.n + 1) * RECORD] = other.records[i * RECORD : (i + 1) * RECORD]
        self.n += 1

    def get(self, i: int) -> "tuple[int, int, int, int, int, int, bytes]":
        """(x, y, width, height, kind, cell, what)."""
        return unpack_from(FORMAT, self.records, i * RECORD)

    def remove(self, i: int) -> None:
        self.n -= 1
        if i < self.n:
            last = self.records[self.n * RECORD : (self.n + 1) * RECORD]
            self.records[i * RECORD : (i + 1) * RECORD] = last

    def find(self, other: "Boxes", i: int, length: int) -> int:
        """The box of which the first `length` bytes are those of the other's box; -1 without."""
        for j in range(self.n):
            if self._is_same(j * RECORD, other.records, i * RECORD, length):
                return j
        return -1

    def _is_same(self, mine: int, records: bytearray, theirs: int, length: int) -> bool:
        for k in range(length):
            if self.records[mine + k] != records[theirs + k]:
                return False
        return True
