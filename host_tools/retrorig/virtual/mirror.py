"""The rig's display in a terminal, with keys as its buttons."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import termios
import time
import tty
from collections.abc import Iterator
from typing import TextIO

from PIL import Image

from retrorig.virtual.rig import VirtualRig

EVERY_S = 0.1
KEYS = {  # key: (button, milliseconds)
    " ": ("start", 120),
    "s": ("start", 120),
    "S": ("start", 1800),
    "r": ("rpe", 120),
    "R": ("rpe", 1800),
    "p": ("pain", 120),
    "P": ("pain", 1800),
}
HELP = "space start/stop/next   r effort   p pain   S R P: long press   Ctrl-C ends"
WIDEST = 160
"""Dots beside each other that a usual terminal has room for; a larger picture is shown at half its size."""

_DOTS = (
    (0, 0, 0x01),
    (0, 1, 0x02),
    (0, 2, 0x04),
    (1, 0, 0x08),
    (1, 1, 0x10),
    (1, 2, 0x20),
    (0, 3, 0x40),
    (1, 3, 0x80),
)
_BRAILLE = 0x2800
_HOME, _CLEAR = "\x1b[H", "\x1b[2J"


def as_text(image: Image.Image) -> str:
    """The picture in Braille characters, two dots wide and four high each: 64 columns and 16 rows."""
    rows = []
    for y in range(0, image.height, 4):
        codes = [
            sum(bit for dx, dy, bit in _DOTS if image.getpixel((x + dx, y + dy)))
            for x in range(0, image.width, 2)
        ]
        rows.append("".join(chr(_BRAILLE + code) for code in codes))
    return "\n".join(rows)


class Mirror:
    """Call it with the rig now and then: it redraws when the picture changed, and presses what keys ask."""

    def __init__(self, out: TextIO, keys: int) -> None:
        self._out, self._keys = out, keys
        self._shown = ""
        self._drawn_s = 0.0
        out.write(_CLEAR)

    def __call__(self, rig: VirtualRig) -> None:
        self._press(rig)
        if time.monotonic() - self._drawn_s < EVERY_S:
            return
        self._drawn_s = time.monotonic()
        image = rig.display_image()
        if image.width > WIDEST:
            image = image.resize((image.width // 2, image.height // 2), Image.Resampling.NEAREST)
        text = as_text(image)
        if text != self._shown:
            self._shown = text
            self._out.write(f"{_HOME}{text}\n{HELP}\n")
            self._out.flush()

    def _press(self, rig: VirtualRig) -> None:
        while self._keys >= 0 and select.select([self._keys], [], [], 0)[0]:
            typed = os.read(self._keys, 16).decode(errors="replace")
            if not typed:
                self._keys = -1
            for key in typed:
                if key in KEYS:
                    button, ms = KEYS[key]
                    rig.board.buttons[button].press(ms)


@contextlib.contextmanager
def mirrored() -> Iterator[Mirror]:
    """A mirror on this terminal; its keys come at once and unseen while it lasts, Ctrl-C still ends."""
    out = sys.__stderr__ or sys.stderr  # the terminal itself: this moves its cursor
    if not sys.stdin.isatty():
        yield Mirror(out, -1)
        return
    keys = sys.stdin.fileno()
    before = termios.tcgetattr(keys)
    try:
        tty.setcbreak(keys)
        yield Mirror(out, keys)
    finally:
        termios.tcsetattr(keys, termios.TCSADRAIN, before)
