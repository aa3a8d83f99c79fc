"""Faces drawn beforehand (host_tools/generators/make_fonts.py): small ones held in memory, large ones read from flash.

A large digit is read when it is drawn, a few hundred bytes, so that ten kilobytes of digits cost no heap. All faces are
one file: each open one takes heap, and LittleFS looks for it as long as a conversion lasts.
"""

import framebuf

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

    from framebuf import FrameBuffer


PATH = __file__.rpartition("/")[0] + "/faces.bin"


class Face:
    """`height` and `width(text)` in pixels. Drawing leaves no garbage.

    `file` stands where the face begins, and afterwards where the next one does. `glyph` is the room for a character,
    which faces share, as each is drawn before the next is loaded.
    """

    def __init__(self, file: "BinaryIO", glyph: bytearray, in_memory: bool = False) -> None:
        self._file = file
        self._first, chars_n, self.height = file.read(3)
        self._widths = file.read(chars_n)
        self._start = file.tell()
        size = self._place(chars_n)
        self._glyph = glyph
        self._frames = {}  # bytes in a row of the glyph: the frame that it is drawn from
        self._held = None
        if in_memory:
            self._held = file.read(size)
        else:
            file.seek(self._start + size)

    def width(self, text: str) -> int:
        width = 0
        for c in text:
            width += self._widths[self._index(c)]
        return width

    def draw(self, frame: "FrameBuffer", text: str, x: int, y: int) -> int:
        """Draw with the top left corner at (x, y); returns the x after the text."""
        for c in text:
            index = self._index(c)
            frame.blit(self._loaded(index), x, y, 0)
            x += self._widths[index]
        return x

    def _index(self, c: str) -> int:
        index = ord(c) - self._first
        return index if 0 <= index < len(self._widths) else 0

    def _place(self, index: int) -> int:
        """Where the rows of a character begin, in bytes from the first one's."""
        start = 0
        for before in range(index):
            start += (self._widths[before] + 7) // 8
        return start * self.height

    def _loaded(self, index: int) -> "FrameBuffer":
        """The character in a frame of whole bytes: what pads its rows is empty."""
        glyph, start = self._glyph, self._place(index)
        row_bytes = (self._widths[index] + 7) // 8
        if self._held is None:
            self._file.seek(self._start + start)
            self._file.readinto(glyph)  # with what follows it
        else:
            for at in range(row_bytes * self.height):
                glyph[at] = self._held[start + at]
        if row_bytes not in self._frames:
            self._frames[row_bytes] = framebuf.FrameBuffer(
                glyph, 8 * row_bytes, self.height, framebuf.MONO_HLSB
            )
        return self._frames[row_bytes]
