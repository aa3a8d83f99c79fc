"""Computes the size of the firmware's heap on the chip, whose words have 32 bits; the virtual rig's have 64.

The interpreter hands out blocks of four words, so an object of pointers, numbers and map slots has as many blocks on
both and weighs half on the chip. Bytes weigh the same on both: bytecode, texts, what bytearrays and arrays hold. Which
is which is read from the interpreter's own memory while it waits for the board: what an array points to is bytes, and
so is a piece most of whose words can be neither an address nor a number that the interpreter would write there.

Names stand in tables each twice as long as the one before, four bytes of words and three of bytes a name. Here they
hold the simulated modules' names too, which the chip has in ROM: `names_bytes` says what the chip's would take for the
others.

What the chip's own modules keep in the heap (serial line, prompt, drivers' objects) is not here; OWN_BYTES is what was
missing when the firmware of 2026-11-29, with 543 names, was weighed here and on an emulated ESP32, which had 121,296
bytes in use.

Linux only: elsewhere a process can't look into its child.
"""

from __future__ import annotations

import re
import struct
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from retrorig.virtual.rig import VirtualRig

IS_READABLE = sys.platform == "linux"
BLOCK = 32
HALF = BLOCK // 2
HEAD, TAIL = 1, 2
ARRAY_KINDS_N = 2
"""Kinds of objects that the interpreter tells as arrays: those and byte arrays."""
MALLOC_HEAD = 16
"""Bytes that the C library keeps before what it hands out: the whole begins so far after a page does."""
NAMES_HEAD = 48
"""Bytes before the addresses in a table of names; as on the chip, its fourth word tells how many it holds."""
NAMES_FIRST = 20
"""Names in the first table that the interpreter makes."""
OWN_BYTES = 3500
ADDRESS_MAX = 1 << 47
NEGATIVE_MIN = (1 << 64) - (1 << 32)
_PLACE = re.compile(r"GC memory layout; from ([0-9a-f]+):")
_TOTAL = re.compile(r"GC: total: (\d+)")
_LINE = re.compile(r"^([0-9a-f]{8}): (\S+)", re.MULTILINE)
_Words = tuple[int, ...]


@dataclass(frozen=True)
class Heap:
    """The pool of blocks in the interpreter's memory, the table of two bits a block, and what arrays begin with."""

    pid: int
    table: int
    pool: int
    blocks_n: int
    arrays: frozenset[int]

    @classmethod
    def found(cls, rig: VirtualRig, told: str) -> Heap:
        """From what `micropython.mem_info(1)` told."""
        assert rig.interpreter_pid
        pool, total = int(_PLACE.findall(told)[-1], 16), int(_TOTAL.findall(told)[-1])
        # With the table the whole begins, with the pool it ends.
        table = pool + total - rig.settings.heap_kb * 1024 + MALLOC_HEAD
        heap = cls(rig.interpreter_pid, table, pool, total // BLOCK, frozenset())
        marked = [
            int(at, 16) + BLOCK * i for at, row in _LINE.findall(told) for i, c in enumerate(row) if c == "A"
        ]
        content = heap._read(pool, total)
        # Where an array was told, a tuple may lie by now: its kind would have the texts in tuples weigh double.
        kinds = Counter(_words(content[at : at + 8])[0] for at in marked).most_common(ARRAY_KINDS_N)
        return cls(heap.pid, table, pool, heap.blocks_n, frozenset(kind for kind, _ in kinds))

    def chip_bytes(self) -> int:
        """What everything in the heap but the tables of names would take on the chip, garbage included."""
        pieces = dict(self.pieces())
        held = {words[3] for words in pieces.values() if words[0] in self.arrays and len(words) == 4}
        return sum(
            _weight(words, address in held or _is_bytes(words))
            for address, words in pieces.items()
            if not _is_names(address, words)
        )

    def names_n(self) -> int:
        """How many names the interpreter has met that it did not know from the beginning."""
        return sum(words[3] for address, words in self.pieces() if _is_names(address, words))

    def longest_gap(self) -> int:
        """Bytes of the longest run of free blocks, here: no longer than on the chip, where words take half."""
        table = self._read(self.table, (self.blocks_n + 3) // 4)
        kinds = "".join(str(table[i // 4] >> i % 4 * 2 & 3) for i in range(self.blocks_n))
        return BLOCK * max(map(len, re.findall("0+", kinds)), default=0)

    def bytes_here(self) -> int:
        """What everything in the heap takes where it is, as `gc.mem_alloc()` tells it."""
        return sum(8 * len(words) for _, words in self.pieces())

    def pieces(self) -> Iterator[tuple[int, _Words]]:
        """(address, content) of everything that was handed out."""
        table = self._read(self.table, (self.blocks_n + 3) // 4)
        content = self._read(self.pool, self.blocks_n * BLOCK)
        kinds = [table[i // 4] >> i % 4 * 2 & 3 for i in range(self.blocks_n)] + [HEAD]
        starts = [i for i, kind in enumerate(kinds) if kind != TAIL]
        for start, following in zip(starts, starts[1:], strict=False):
            if kinds[start]:
                yield self.pool + start * BLOCK, _words(content[start * BLOCK : following * BLOCK])

    def _read(self, address: int, size: int) -> bytes:
        with Path(f"/proc/{self.pid}/mem").open("rb", buffering=0) as memory:
            memory.seek(address)
            return memory.read(size)


def _words(content: bytes) -> _Words:
    return struct.unpack(f"<{len(content) // 8}Q", content)


def _is_bytes(words: _Words) -> bool:
    used = [word for word in words if word]
    return not used or 2 * sum(ADDRESS_MAX <= word < NEGATIVE_MIN for word in used) > len(used)


def _is_names(address: int, words: _Words) -> bool:
    """Whether it is a table of names, which says where in itself its hashes and lengths are."""
    own = range(address + NAMES_HEAD, address + 8 * len(words))
    return len(words) > 2 * NAMES_HEAD // 8 and sum(word in own for word in words[1:7]) >= 2


def names_bytes(names_n: int) -> int:
    """What the chip's tables of so many names take."""
    size, total, room_n = NAMES_FIRST, 0, 0
    while room_n < names_n:
        room_n += size
        total += NAMES_HEAD // 2 + 7 * size
        size *= 2
    return total


def _weight(words: _Words, is_bytes: bool) -> int:
    size = 8 * len(words)
    if not is_bytes:
        return size // 2
    return (
        size if any(words[-2:]) else size - HALF
    )  # blocks of half the size: the last half may not be needed
