"""Writes the running set into the store, a block at a time."""

import json

from . import records
from .blocks import BlockEncoder
from .setlog import StoreFull

# A block is written at the latest when its samples span this: with the next conversion and the write
# itself, a power cut at any moment costs less than 1.0 s.
FLUSH_US = 930_000


class SetWriter:
    """One set after the other; `full` tells that the store refused."""

    def __init__(self, log):
        self._log = log
        self._block = BlockEncoder()
        self.full = False

    def begin(self, header):
        """Open a set; False when the store has no room for it."""
        self._block.n = 0
        return self._try(self._log.begin, header["no"], json.dumps(header).encode())

    def add(self, turns, ticks, count, code):
        """Take a sample, and write a block when it is due."""
        self._block.add(turns, ticks, count, code)
        if self._block.is_full or self._block.span_us() >= FLUSH_US:
            self._flush()

    def end(self, fields):
        """Close the set with its end record."""
        if self._block.n:
            self._flush()
        self._try(self._log.append, records.TYPE_END, json.dumps(fields).encode())

    def _flush(self):
        self._try(self._log.append, records.TYPE_BLOCK, self._block.pack())

    def _try(self, write, *args):
        try:
            write(*args)
        except StoreFull:
            self.full = True
        else:
            self.full = False
        return not self.full


def close_interrupted(log):
    """After power came back: end the set that was running, if there was one."""
    if log.index.open_seq >= 0:
        log.append(records.TYPE_END, json.dumps({"reason": "power_lost"}).encode())
