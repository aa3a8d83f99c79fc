"""Writes the running set into the store, a block at a time.

Ctrl-C may strike in the middle of that. What was being written is then left as it stands, as after a loss of power:
the next start finds it.
"""

from . import TYPE_CHECKING, records
from .flash_ring import StoreFull

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .blocks import BlockEncoder
    from .setlog import SetLog

# A block is written at the latest when its samples span this: with the next conversion and the write
# itself, a power cut at any moment costs less than 1.0 s.
FLUSH_US = 930_000


class SetWriter:
    """One set after the other; `full` tells that the store refused."""

    _block: "BlockEncoder"

    def __init__(self, log: "SetLog") -> None:
        self._log = log
        self._has_block = False  # until the first set: it takes a twentieth of what is in the heap
        self.full = False
        self._is_writing = False

    def begin(self, header: "dict[str, Any]", is_sure: bool = True) -> bool:
        """Open a set, sure to be kept or not; False when the store has no room for it."""
        self.load()
        self._block.n = 0
        return self._try(self._log.begin, header, is_sure)

    def load(self) -> None:
        """Load the encoder of blocks, if that has not been done."""
        if not self._has_block:
            from .blocks import BlockEncoder

            self._has_block = True
            self._block = BlockEncoder(self._log.ring.buffer)

    def add(self, turns: int, ticks: int, count: int, code: int) -> None:
        """Take a sample, and write a block when it is due."""
        self._block.add(turns, ticks, count, code)
        if self._block.is_full or self._block.span_us() >= FLUSH_US:
            self._flush()

    def flush(self) -> None:
        """Write what has come, though no block is due."""
        if self._block.n:
            self._flush()

    def end(self, values: "dict[str, Any]") -> None:
        """Close the set with its end record, or as it stands if that finds no room or writing was broken off."""
        if self._block.n and not self._is_writing:
            self._flush()
        if self._is_writing or not self._try(self._log.append, records.TYPE_END, records.pack_fields(values)):
            self._log.close()

    def drop(self, values: "dict[str, Any]") -> None:
        """Close what was begun as no set: these fields say what it was."""
        self._block.n = 0
        if self._is_writing or not self._try(self._log.append, records.TYPE_END, records.pack_fields(values)):
            self._log.close()
        else:
            self._log.drop()

    def _flush(self) -> None:
        self._is_writing = True  # packing spoils the samples
        self._try(self._log.append, records.TYPE_BLOCK, self._block.pack())

    def _try(self, write: "Callable[..., None]", *args: "Any") -> bool:
        self._is_writing = True
        try:
            write(*args)
        except StoreFull:
            self.full = True
        else:
            self.full = False
        self._is_writing = False
        return not self.full
