"""Characters as polygons, drawn at any size; the file is made by host_tools/generators/make_outline.py."""

from array import array
from struct import unpack

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


CELL_W = 240
CAP_H = 200
TEXT_H = 256
FIRST = 32
CHARS_N = 95
PLACES = 2 * (CHARS_N + 1)
_PATH = __file__.rpartition("/")[0]


class Outline:
    """Takes 0.5 KB of heap, whatever the size of the characters."""

    def __init__(self) -> None:
        self._file = open(_PATH + "/outline.bin", "rb")
        self._longest = bytearray(unpack("<H", self._file.read(2))[0])

    def polygons(self, char: str, width: int, height: int, units: int) -> "list[Any]":
        """[(top, bottom, corners)] in pixels, for a cell `width` wide where `units` rows are `height` high."""
        data = self._load(char)
        found = []
        at = 1
        for _ in range(data[0]):
            n = 2 * data[at]
            corners = array("h", data[at + 1 : at + 1 + n])
            at += 1 + n
            for i in range(0, n, 2):
                corners[i] = corners[i] * width // CELL_W
                corners[i + 1] = corners[i + 1] * height // units
            rows = [corners[i] for i in range(1, n, 2)]
            found.append((min(rows), max(rows), corners))
        return found

    def _load(self, char: str) -> "memoryview[int]":
        index = ord(char) - FIRST
        self._file.seek(2 + 2 * (index if 0 <= index < CHARS_N else 0))
        start, stop = unpack("<HH", self._file.read(4))
        self._file.seek(2 + PLACES + start)
        data = memoryview(self._longest)[: stop - start]
        self._file.readinto(data)
        return data
