"""Where the kept sets lie in the store: sixteen bytes a set, so that 700 fit the board's heap."""

import binascii
from array import array

from . import records


class SetIndex:
    """Sets in the order they were made; all but the newest are finished."""

    def __init__(self) -> None:
        self.no = array("I")
        self.address = array("I")
        self.length = array("I")
        self.crc = array("I")  # of the set's records one after the other
        self.seq = 0  # number of the newest set's latest record; -1 where it can have no more
        self.seq_before = 0  # that of the set before
        self.is_open = False  # the newest set is being written
        self.remarks: list[int] = []  # at the start: numbers of sets that turned out to be none
        self.damaged: list[bytes] = []  # records that count only if a sound one of the same set follows

    def __len__(self) -> int:
        return len(self.no)

    def finished_n(self) -> int:
        """How many sets are complete."""
        return len(self.no) - (1 if self.is_open else 0)

    def last_no(self) -> int:
        """Number of the newest set, 0 when there is none."""
        return self.no[-1] if len(self.no) else 0

    def last_link(self) -> "tuple[int, int, int, int]":
        """(number, address, length, checksum) of the newest set."""
        return (
            (self.no[-1], self.address[-1], self.length[-1], self.crc[-1])
            if len(self.no)
            else records.NO_LINK
        )

    def add(self, no: int, address: int, record: "bytes | bytearray | memoryview") -> None:
        """A new set begins with this header record at `address`."""
        self.resume(no, address, len(record), binascii.crc32(record))

    def resume(self, no: int, address: int, length: int, crc: int) -> None:
        """A new set of which so much is known."""
        self.no.append(no)
        self.address.append(address)
        self.length.append(length)
        self.crc.append(crc)
        self.seq_before = self.seq if self.seq >= 0 else self.seq_before
        self.seq = 0
        self.damaged = []

    def grow(self, record: "bytes | bytearray | memoryview") -> None:
        """The newest set got one more record."""
        self.length[-1] += len(record)
        self.crc[-1] = binascii.crc32(record, self.crc[-1])
        self.seq += 1

    def drop_to(self, no: int) -> None:
        """Forget finished sets up to number `no`."""
        keep_from = 0
        while keep_from < self.finished_n() and self.no[keep_from] <= no:
            keep_from += 1
        if keep_from:
            self.drop(0, keep_from)

    def drop(self, first: int, stop: int) -> None:
        """Forget the sets from one position to before another."""
        if stop == len(self.no):
            self.seq = -1  # something lies behind the set before
        for name in ("no", "address", "length", "crc"):
            numbers = getattr(self, name)
            setattr(self, name, numbers[:first] + numbers[stop:])

    def position(self, no: int) -> "int | None":
        """Index of a finished set, or None."""
        for i in range(self.finished_n()):
            if self.no[i] == no:
                return i
        return None
