"""Where the kept sets lie in the store: sixteen bytes a set, so that 700 fit the board's heap."""

import binascii
from array import array


class SetIndex:
    """Sets in the order they were made; all but the newest are finished."""

    def __init__(self):
        self.no = array("I")
        self.address = array("I")
        self.length = array("I")
        self.crc = array("I")  # of the set's records one after the other
        self.open_seq = -1  # last record number of the newest set while it is open, else -1

    def __len__(self):
        return len(self.no)

    def finished_n(self):
        """How many sets are complete."""
        return len(self.no) - (1 if self.open_seq >= 0 else 0)

    def add(self, no, address, record):
        """A new set begins with this header record at `address`."""
        self.no.append(no)
        self.address.append(address)
        self.length.append(len(record))
        self.crc.append(binascii.crc32(record))
        self.open_seq = 0

    def grow(self, seq, record, is_end):
        """The newest set got one more record."""
        self.length[-1] += len(record)
        self.crc[-1] = binascii.crc32(record, self.crc[-1])
        self.open_seq = -1 if is_end else seq

    def drop_to(self, no):
        """Forget finished sets up to number `no`."""
        keep_from = 0
        while keep_from < self.finished_n() and self.no[keep_from] <= no:
            keep_from += 1
        if keep_from:
            self.no = self.no[keep_from:]
            self.address = self.address[keep_from:]
            self.length = self.length[keep_from:]
            self.crc = self.crc[keep_from:]

    def position(self, no):
        """Index of a finished set, or None."""
        for i in range(self.finished_n()):
            if self.no[i] == no:
                return i
        return None

    def finished_from(self, no, limit):
        """Positions of up to `limit` finished sets numbered `no` or higher, oldest first."""
        return [i for i in range(self.finished_n()) if self.no[i] >= no][:limit]
