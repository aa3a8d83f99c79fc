"""What the pages draw on when the panel is large: each thing they put down becomes a box that is painted later.

A picture of a large panel does not fit the memory, so none is kept: only which boxes are on the glass and what
is in them (boxes.py). `show_tile()` first blackens a box that is no longer wanted, then paints one that changed, strip
by strip, in a buffer of 2.5 KB. Boxes of one page never overlap, therefore the order within a page does not matter.
"""

from array import array
from binascii import crc32
from struct import pack

import framebuf

from rigcore import TYPE_CHECKING

from .boxes import PLACE, RECORD, TEXT_BYTES, Boxes
from .fonts.outline import CAP_H, TEXT_H, Outline
from .layout import BAND_SPANS, wrap
from .view import TRACE_N

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


WIDTH = 128  # the pages' units
HEIGHT = 64  # the pages' units
BAND_W = 9
WORDS = 0
DIGITS = 1
BAND = 2
TRACE = 3
INKS = (0xFFFF, 0x7206, 0xC0FD, 0xA7FA)  # by tint, 5, 6 and 5 bits, the panel's first byte in the lower one
TINTED = 16  # a box's kind is one of the above and so many times its tint (canvas.py)
SLIM = 36  # a digit is at least so wide, in percent of its height ...
BROAD = 72  # ... and at most so
TALL = 205  # height of words in percent of a character's width
NARROW = {".": 35, ":": 35, "-": 65}  # width in percent of a digit ...
APART = 3  # ... and pixels more, without which a small point melts into its neighbours
TRACE_TOP = 44
TRACE_LEFT = 4
TRACE_STEP = 2
TRACE_H = 18
PAINT_KB = 2  # of garbage that a character leaves, about
MIDDLE = 2  # a band's block stands at -2 to 2


class LargeCanvas:
    """As canvas.Canvas, and as the display at once: `show_tile`, `invert`, `brightness`, `mirror`."""

    width = WIDTH
    small = (6, 10)
    words = (8, 15)
    side = (7, 13)

    def __init__(self, panel: "Any") -> None:
        self._panel = panel
        self._outline = Outline()
        self._wanted = Boxes()
        self._shown = Boxes()
        self._points = bytearray(TRACE_N)
        self._strips = None
        self._is_stale = False
        self._ink = INKS[0]
        self.litter_kb = 0  # garbage; whoever collects it sets it back
        self.tint = 0
        self.invert = panel.invert
        self.brightness = panel.brightness

    # -- what pages put down, in their units

    def clear(self) -> None:
        self._wanted.clear()
        self._is_stale = True
        self.tint = 0

    def _add(self, x: int, y: int, w: int, h: int, kind: int, cell: int, what: bytes) -> None:
        self._wanted.add(x, y, w, h, kind + TINTED * self.tint, cell, what)

    def huge(self, text: str, x: int, y: int, width: int, height: int = HEIGHT) -> None:
        """Digits as tall as fit the box, centred in it."""
        x, width = self._x(x), self._x(width)
        y, height = self._y(y), self._y(height)
        percent = sum(NARROW.get(c, 100) for c in text)
        cell = min((width - _wide(text, 0)) * 100 // percent, height * BROAD // 100)
        tall = min(height, cell * 100 // SLIM)
        x += (width - _wide(text, cell)) // 2
        for c in text:
            wide = _wide(c, cell)
            self._add(x, y + (height - tall) // 2, wide, tall, DIGITS, cell, c.encode())
            x += wide

    def line(self, text: str, x: int, y: int, face: "tuple[int, int]" = words) -> None:
        self._text(text, self._x(x), y, face)

    def right(self, text: str, y: int, face: "tuple[int, int]" = words) -> None:
        self._text(text, self._panel.width - self._x(face[0]) * len(text), y, face)

    def centre(self, text: str, y: int, face: "tuple[int, int]" = words) -> None:
        self._text(text, (self._panel.width - self._x(face[0]) * len(text)) // 2, y, face)

    def wrapped(self, text: str, y: int, rows_n: int) -> int:
        for row in wrap(text, WIDTH // self.words[0], rows_n):
            self.line(row, 0, y)
            y += self.words[1]
        return y

    def band(self, place: "int | None", is_plain: bool = False) -> None:
        wide = self._x(BAND_W)
        block = b"none" if place is None else bytes((place + MIDDLE,))
        self.tint = 0 if is_plain or place is None else 1 + abs(place)
        self._add(self._panel.width - wide, 0, wide, self._panel.height, BAND, 0, block)
        self.tint = 0

    def trace(self, points: "Any") -> None:
        top = self._y(TRACE_TOP)
        self._points[:] = points
        self._add(0, top, self._panel.width, self._panel.height - top, TRACE, 0, pack("<I", crc32(points)))

    def _text(self, text: str, x: int, y: int, face: "tuple[int, int]") -> None:
        """`x` in pixels, as the text may be longer than the panel is wide."""
        cell, room = self._x(face[0]), self._y(face[1])
        tall = min(room, cell * TALL // 100)
        is_number = face is self.side
        text = text[:TEXT_BYTES]
        wide = _wide(text, cell) if is_number else cell * len(text)
        kind = DIGITS if is_number else WORDS
        self._add(x, self._y(y) + (room - tall) // 2, wide, tall, kind, cell, text.encode())

    def _x(self, units: int) -> int:
        return units * self._panel.width // WIDTH

    def _y(self, units: int) -> int:
        return units * self._panel.height // HEIGHT

    # -- the glass

    def mirror(self, on: bool) -> None:
        """Left and right changed, to be read in a mirror; all is sent again."""
        self._panel.mirror(on)
        self._panel.clear()
        self._shown.clear()
        self._strips = None

    def show_tile(self) -> bool:
        """Send one more strip; False when the panel shows what was drawn."""
        if self._strips is None and not (self._is_stale and self._choose()):
            return False
        for _ in self._strips or ():
            return True
        self._strips = None
        return True

    def _choose(self) -> bool:
        """Begin with the next box; False when all are right."""
        wanted, shown = self._wanted, self._shown
        for i in range(shown.n):
            if wanted.find(shown, i, PLACE) < 0:
                x, y, w, h = shown.get(i)[:4]
                shown.remove(i)
                self._strips = self._paint(x, y, w, h, ())
                return True
        for i in range(wanted.n):
            if shown.find(wanted, i, RECORD) < 0:
                before = shown.find(wanted, i, PLACE)
                if before >= 0:
                    shown.remove(before)
                shown.take(wanted, i)  # what was begun is painted to its end, whatever is drawn meanwhile
                self._strips = self._draw(*wanted.get(i))
                return True
        self._is_stale = False
        return False

    def _draw(self, x: int, y: int, w: int, h: int, kind: int, cell: int, what: bytes) -> "Iterator[None]":
        self._ink = INKS[kind // TINTED]
        kind %= TINTED
        if kind == TRACE:
            return self._paint_trace(y, h, self._points)
        if kind == BAND:
            block = what[0] - MIDDLE
            return self._paint(x, y, w, h, self._band_shapes(block if block <= MIDDLE else None, w))
        return self._paint_text(x, y, h, kind, what.rstrip(b"\0").decode(), cell)

    def _paint(self, x: int, y: int, w: int, h: int, shapes: "Any") -> "Iterator[None]":
        """Strip after strip of a box; shapes are (top, bottom, corners)."""
        self.litter_kb += PAINT_KB
        buffer, panel = memoryview(self._panel.buffer), self._panel
        rows = min(h, len(buffer) // (2 * w))
        strip = framebuf.FrameBuffer(buffer, w, rows, framebuf.RGB565)
        pixels = buffer[: 2 * w * rows]
        for top in range(0, h, rows):
            if rows > h - top:
                rows = h - top
                pixels = buffer[: 2 * w * rows]
            strip.fill(0)
            for first, last, corners in shapes:
                if first < top + rows and last >= top:
                    strip.poly(0, -top, corners, self._ink, True)
            panel.show(x, y + top, w, rows, pixels)
            yield

    def _paint_text(self, x: int, y: int, h: int, kind: int, text: str, cell: int) -> "Iterator[None]":
        units = CAP_H if kind == DIGITS else TEXT_H
        for c in text:
            wide = _wide(c, cell) if kind == DIGITS else cell
            shapes = self._outline.polygons(c, cell, h, units)
            for _, _, corners in shapes:
                for i in range(0, len(corners), 2):  # points and minus stand in the middle of a digit's width
                    corners[i] -= (cell - wide) // 2
            yield from self._paint(x, y, wide, h, shapes)
            x += wide

    def _band_shapes(self, place: "int | None", w: int) -> "list[tuple[int, int, array[int]]]":
        """A frame in the middle and a block at where one is: see canvas.Canvas.band."""
        thick = max(2, self._x(1))
        top, low = self._y(22), self._y(42) - 1
        boxes = [(0, top, w - 1, top + thick), (0, low - thick, w - 1, low)]
        boxes += [(0, top, thick, low), (w - 1 - thick, top, w - 1, low)]
        if place is not None:
            y, height = BAND_SPANS[place + MIDDLE]
            boxes.append((thick, self._y(y), w - 1 - thick, self._y(y + height) - 1))
        return [_box(left, top, right, low) for left, top, right, low in boxes]

    def _paint_trace(self, y: int, h: int, points: "Any") -> "Iterator[None]":
        """Column by column: each holds one piece of the line."""
        low = h - 3
        for i in range(len(points) - 1):
            left, right = (self._x(TRACE_LEFT + TRACE_STEP * (i + k)) for k in (0, 1))
            start, end = (low - points[i + k] * self._y(TRACE_H) // 255 for k in (0, 1))
            w = right - left
            shapes = [(0, h, _quad(0, start, w, end, -3)), _box(0, h - 2, w, h)]
            if i & 1:  # a dashed line at the scale's top
                shapes.append(_box(0, low - self._y(TRACE_H), w, low - self._y(TRACE_H) + 1))
            yield from self._paint(left, y, w, h, shapes)


def _wide(text: str, cell: int) -> int:
    """Width of a number of which a digit is `cell` wide."""
    return sum(cell * NARROW[c] // 100 + APART if c in NARROW else cell for c in text)


def _box(left: int, top: int, right: int, low: int) -> "tuple[int, int, array[int]]":
    return top, low, _quad(left, top, right, top, low - top)


def _quad(left: int, start: int, right: int, end: int, thick: int) -> "array[int]":
    """Between a line and the same line `thick` further down."""
    return array("h", (left, start, right, end, right, end + thick, left, start + thick))
