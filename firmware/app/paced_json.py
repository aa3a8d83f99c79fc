"""Reads JSON that may be long byte by byte, so that callbacks run in between; loaded for the moment.

`json.loads` is one call, and for a plan of 4,000 bytes it takes longer than a conversion lives.
"""

import io
import json

from rigcore import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


class Bytes(io.IOBase):
    """A text as a stream; whoever reads it comes by a branch, where callbacks run, with each byte."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._at = 0

    def readinto(self, into: bytearray) -> int:
        at = self._at
        if at == len(self._text):
            return 0
        into[0] = self._text[at]
        self._at = at + 1
        return 1


def loaded(text: bytes) -> "Any":
    """What the text says; ValueError when it is no JSON."""
    return json.load(Bytes(text))
