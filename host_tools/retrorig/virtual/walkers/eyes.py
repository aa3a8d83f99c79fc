"""Reads the phase of the session from the words on the rig's display, as an athlete does.

The words are recognised by the firmware's own characters (app/fonts), at the places where its pages put them
(app/pages): exactly on a small panel, by the nearest character on a large one. Nothing else of the rig is looked at,
so that a simulated athlete knows no more than a real one, and disturbs nothing.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from retrorig import board_files

Pixels = NDArray[np.bool_]

GO, PRESS, RUNNING, PAUSED, RESTING, RATING, DONE, FAULT, FREE, SUMMARY = (
    "go", "press", "running", "paused", "resting", "rating", "done", "fault", "free", "summary",
)  # fmt: skip
UNKNOWN = ""
WIDTH, HEIGHT = 128, 64
"""The units of the pages, whatever the panel's size."""

WORDS, SMALL = 8, 6
"""Width of a character in these units, by face."""

FOOT_Y, GOAL_XY, UNIT_X = 49, (24, 22), 100
HEADS = {"Effort": RATING, "Pain": RATING, "Fault": FAULT, "Free": FREE, "Set": SUMMARY}
FEET = {"walk backward": GO, "press the button": PRESS, "PAUSE: walk on": PAUSED}
UNITS = ("m", "yd", "min", "h", "st", "MAX")
OVERLAP = 1
"""So many empty rows on top of a small panel's characters may hold the feet of the digits above."""

FIRST, CHARS_N = 32, 95
UNSURE = 0.25
"""Share of a large character's own pixels that may differ from ours."""


@dataclass(frozen=True)
class Look:
    """One look: the phase, or UNKNOWN while something else is shown; whether the next set is open."""

    phase: str = UNKNOWN
    is_open: bool = False


class Small:
    """Reads a panel of 128x64 points."""

    def __init__(self) -> None:
        data = (_fonts() / "faces.bin").read_bytes()
        small, at = _face(data, 0)  # those of words come first
        self._faces = {SMALL: small, WORDS: _face(data, at)[0]}

    def text(self, picture: Pixels, x: int, y: int, face: int, n: int) -> str:
        """`n` characters from a place on; "?" for what is none."""
        height, known = self._faces[face]
        cells = (picture[y + OVERLAP : y + height, x + face * i : x + face * (i + 1)] for i in range(n))
        return "".join(known.get(cell.tobytes(), "?") for cell in cells)

    def left(self, _face: int, x: int, _n: int, _width: int) -> int:
        """Where a line begins that the page puts at `x`."""
        return x

    def centre(self, face: int, n: int, width: int) -> int:
        return (width - face * n) // 2


class Large:
    """Reads a panel of any size whose characters are polygons (app/largecanvas.py)."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._glyphs = {face: np.array(self._drawn(face)) for face in (WORDS, SMALL)}

    def text(self, picture: Pixels, x: int, y: int, face: int, n: int) -> str:
        cell, tall, top = self._box(face, y)
        cells = (picture[top : top + tall, x + cell * i : x + cell * (i + 1)] for i in range(n))
        return "".join(self._nearest(face, one) for one in cells)

    def left(self, _face: int, x: int, _n: int, width: int) -> int:
        return x * width // WIDTH

    def centre(self, face: int, n: int, width: int) -> int:
        return (width - self._box(face, 0)[0] * n) // 2

    def _box(self, face: int, y: int) -> tuple[int, int, int]:
        """(width and height of a character, its top) in pixels."""
        room = {WORDS: 15, SMALL: 10}[face] * self._height // HEIGHT
        cell = face * self._width // WIDTH
        tall = min(room, cell * 205 // 100)
        return cell, tall, y * self._height // HEIGHT + (room - tall) // 2

    def _drawn(self, face: int) -> list[Pixels]:
        cell, tall, _ = self._box(face, 0)
        return [_polygons(shapes, cell, tall) for shapes in _outlines()]

    def _nearest(self, face: int, seen: Pixels) -> str:
        if not seen.any():
            return " "
        glyphs = self._glyphs[face]
        if glyphs.shape[1:] != seen.shape:
            return "?"
        off = np.count_nonzero(glyphs != seen, axis=(1, 2))
        best = int(np.argmin(off))
        return chr(FIRST + best) if off[best] <= UNSURE * np.count_nonzero(seen) + 2 else "?"


class Eyes:
    """`look(picture)` on a display's picture, right way round or in a mirror."""

    def __init__(self, width: int, height: int) -> None:
        self._reader: Small | Large = Small() if (width, height) == (WIDTH, HEIGHT) else Large(width, height)
        self._seen, self._look = b"", Look()

    def look(self, image: Image.Image) -> Look:
        """What the picture says."""
        data = image.tobytes()
        if data != self._seen:
            self._seen = data
            picture = (
                np.array(image.convert("1"), dtype=np.uint8) > 0
            )  # the bytes behind its own truth values vary
            if picture.mean() > 0.5:  # inverted, to be noticed
                picture = ~picture
            self._look = self._read(picture)
            if self._look.phase == UNKNOWN:
                self._look = self._read(picture[:, ::-1])
        return self._look

    def _read(self, picture: Pixels) -> Look:
        phase = self._foot(picture) or self._head(picture) or self._unit(picture)
        is_open = self._line(picture, *GOAL_XY, WORDS, 4) == "open"
        return Look(phase, is_open)

    def _foot(self, picture: Pixels) -> str:
        """What stands in the middle of the last line: what to do, or in a rest what comes next."""
        for words, phase in FEET.items():
            if self._centred(picture, FOOT_Y, WORDS, len(words)) == words:
                return phase
        lengths = ((face, n) for face in (WORDS, SMALL) for n in range(5, WIDTH // face + 1))
        return RESTING if any(self._is_next(picture, face, n) for face, n in lengths) else UNKNOWN

    def _is_next(self, picture: Pixels, face: int, n: int) -> bool:
        """Whether the last line has `n` characters that say which set comes next, as "2/5 10 m"."""
        start = self._reader.centre(face, n, picture.shape[1])
        if not self._reader.text(picture, start, FOOT_Y, face, 1).isdigit():
            return False
        found = self._reader.text(picture, start, FOOT_Y, face, n)
        return "?" not in found and re.match(r"\d+/\d+ ", found) is not None

    def _head(self, picture: Pixels) -> str:
        for word, phase in HEADS.items():
            if self._line(picture, 0, 0, WORDS, len(word)) == word:
                return phase
        return DONE if self._centred(picture, 0, WORDS, 4) == "Done" else UNKNOWN

    def _unit(self, picture: Pixels) -> str:
        """Beside the huge number of a running set stands its unit."""
        found = self._line(picture, UNIT_X, 0, SMALL, 3)
        return RUNNING if found.strip() in UNITS else UNKNOWN

    def _line(self, picture: Pixels, x: int, y: int, face: int, n: int) -> str:
        return self._reader.text(picture, self._reader.left(face, x, n, picture.shape[1]), y, face, n)

    def _centred(self, picture: Pixels, y: int, face: int, n: int) -> str:
        return self._reader.text(picture, self._reader.centre(face, n, picture.shape[1]), y, face, n)


def _fonts() -> Path:
    return board_files.root() / "app" / "fonts"


def _face(data: bytes, at: int) -> tuple[tuple[int, dict[bytes, str]], int]:
    """(height, character by the bytes of its pixels) of the face that begins there, and where the next one does."""
    first, chars_n, height = data[at : at + 3]
    widths = data[at + 3 : at + 3 + chars_n]
    at += 3 + chars_n
    known: dict[bytes, str] = {}
    for i, width in enumerate(widths):
        row_bytes = (width + 7) // 8
        rows = np.frombuffer(data[at : at + row_bytes * height], dtype=np.uint8).reshape(height, row_bytes)
        pixels = np.unpackbits(rows, axis=1)[OVERLAP:, :width].astype(np.bool_)
        known.setdefault(pixels.tobytes(), chr(first + i))
        at += row_bytes * height
    return (height, known), at


def _outlines() -> list[list[list[tuple[int, int]]]]:
    """Polygons of each character, as outline.py reads them."""
    data = (_fonts() / "outline.bin").read_bytes()
    places = struct.unpack_from(f"<{CHARS_N}H", data, 2)
    found = []
    for place in places:
        body, at, shapes = data[2 + 2 * (CHARS_N + 1) + place :], 1, []
        for _ in range(body[0]):
            n = body[at]
            corners = body[at + 1 : at + 1 + 2 * n]
            shapes.append(list(zip(corners[::2], corners[1::2], strict=True)))
            at += 1 + 2 * n
        found.append(shapes)
    return found


def _polygons(shapes: list[list[tuple[int, int]]], cell: int, tall: int) -> Pixels:
    """A character's pixels in a cell; each polygon turns what it covers."""
    image = Image.new("1", (cell, tall))
    for shape in shapes:
        ImageDraw.Draw(image).polygon([(x * cell // 240, y * tall // 256) for x, y in shape], fill=1)
    return np.array(image, dtype=np.bool_)
