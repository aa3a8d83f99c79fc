"""Faces drawn beforehand (host_tools/make_fonts.py): small ones held in memory, large ones read from flash.

A large digit is read when it is drawn, a few hundred bytes, so that ten kilobytes of digits cost no heap.
"""

import framebuf

_PATH = __file__.rpartition("/")[0]


class Face:
    """One file of characters; `height` and `width(text)` in pixels."""

    def __init__(self, name, in_memory=False):
        self._file = open("%s/%s.bin" % (_PATH, name), "rb")
        first, chars_n, self.height = self._file.read(3)
        self._first = first
        self._widths = self._file.read(chars_n)
        self._start = 3 + chars_n
        self._glyph = bytearray((max(self._widths) + 7) // 8 * self.height)
        self._held = None
        if in_memory:
            self._held = self._file.read()
            self._file.close()

    def width(self, text):
        return sum(self._widths[self._index(c)] for c in text)

    def draw(self, frame, text, x, y):
        """Draw with the top left corner at (x, y); returns the x after the text."""
        for c in text:
            index = self._index(c)
            width = self._widths[index]
            self._load(index)
            glyph = framebuf.FrameBuffer(self._glyph, width, self.height, framebuf.MONO_HLSB)
            frame.blit(glyph, x, y, 0)
            x += width
        return x

    def _index(self, c):
        index = ord(c) - self._first
        return index if 0 <= index < len(self._widths) else 0

    def _load(self, index):
        start = sum((width + 7) // 8 for width in self._widths[:index]) * self.height
        size = (self._widths[index] + 7) // 8 * self.height
        if self._held is None:
            self._file.seek(self._start + start)
            self._file.readinto(memoryview(self._glyph)[:size])
        else:
            self._glyph[:size] = self._held[start : start + size]
