"""Where the kept sets lie in the store: sixteen bytes a set, so that 700 fit the board's heap."""

import binascii
from array import array

from . import records

DAMAGED_MAX = 4  # in a row; more are not this set's


class SetIndex:
    """Sets in the order they were made; all but the newest are finished."""

    def __init__(self) -> None:
        self.no = array("I")
        self.address = array("I")
        self.length = array("I")
        self.crc = array("I")  # of the set's records one after the other
        self.seq = 0  # number of the newest set's latest record
        self.is_open = False  # the newest set is being written
        self.remarks: list[int] = []  # at the start: numbers of sets that turned out to be none
        self._damaged: list[bytes] = []  # records that count only if a sound one of the same set follows

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
        self.seq = 0
        self._damaged = []

    def skip(self, record: "bytes | bytearray | memoryview") -> None:
        """At the start: a damaged record, perhaps of the newest set."""
        if len(self._damaged) < DAMAGED_MAX:
            self._damaged.append(bytes(record))

    def take(self, record: "bytes | bytearray | memoryview") -> None:
        """At the start: a record of the newest set, which proves that damaged ones before it are its own, too."""
        for damaged in self._damaged:
            self.grow(damaged)
        self._damaged = []
        self.grow(record)

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
            self.no = self.no[keep_from:]
            self.address = self.address[keep_from:]
            self.length = self.length[keep_from:]
            self.crc = self.crc[keep_from:]

    def drop_last(self) -> None:
        """Forget the newest set."""
        self._drop_at(len(self.no) - 1)

    def _drop_at(self, at: int) -> None:
        for name in ("no", "address", "length", "crc"):
            numbers = getattr(self, name)
            setattr(self, name, numbers[:at] + numbers[at + 1 :])

    def drop_remarks(self) -> None:
        """At the start: forget the sets that were none. Links lead past them, so there are few."""
        for no in self.remarks:
            at = self.position(no)
            if at is not None:
                self._drop_at(at)
        self.remarks = []

    def position(self, no: int) -> "int | None":
        """Index of a finished set, or None."""
        for i in range(self.finished_n()):
            if self.no[i] == no:
                return i
        return None

    def finished_from(self, no: int, limit: int) -> "list[int]":
        """Positions of up to `limit` finished sets numbered `no` or higher, oldest first."""
        return [i for i in range(self.finished_n()) if self.no[i] >= no][:limit]
