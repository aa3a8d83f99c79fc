"""Finds the board's frames in whatever arrives on the line (the form is in rigcore/framing.py)."""

from __future__ import annotations

import binascii
import struct
from dataclasses import dataclass

from cobs import cobs

from rigcore.framing import CRC_SIZE, HEAD, HEAD_SIZE

PIECE_MAX = 16384
"""Bytes kept while waiting for a delimiter: four times the largest frame; beyond that it is no frame."""

TEXT_MAX = 4096
"""Characters of text kept, the newest: a banner or a traceback."""


@dataclass(frozen=True)
class Frame:
    """One sound frame: its type, the number of the request that it belongs to, its payload."""

    kind: int
    n: int
    payload: bytes


class Deframer:
    """Feed it bytes in any pieces; damage costs only the frame that it hits."""

    def __init__(self) -> None:
        self._piece = bytearray()
        self._text = ""

    @property
    def text(self) -> str:
        """What arrived that was no frame: a banner, a traceback, damaged bytes."""
        return self._text

    @property
    def latest_text(self) -> str:
        """`text` with what still waits for a delimiter and may become a frame."""
        return self._text + self._piece.decode("ascii", "replace")

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete."""
        *complete, rest = data.split(b"\0")
        frames = []
        for part in complete:
            self._piece += part
            frame = parse_frame(bytes(self._piece))
            if frame is not None:
                frames.append(frame)
            else:
                self._add_text()
            self._piece.clear()
        self._piece += rest
        if len(self._piece) > PIECE_MAX:
            self._add_text()
            self._piece.clear()
        return frames

    def take_text(self) -> str:
        """The text so far, which is forgotten; what waits for a delimiter may still become a frame."""
        text, self._text = self._text, ""
        return text

    def flush_text(self) -> str:
        """The text so far with what still waits for a delimiter; both are forgotten."""
        self._add_text()
        self._piece.clear()
        return self.take_text()

    def _add_text(self) -> None:
        self._text = (self._text + self._piece.decode("ascii", "replace"))[-TEXT_MAX:]


def parse_frame(encoded: bytes) -> Frame | None:
    """The frame between two delimiters; None if it is empty, damaged or no frame."""
    try:
        plain = cobs.decode(encoded)
    except cobs.DecodeError:
        return None
    if len(plain) < HEAD_SIZE + CRC_SIZE:
        return None
    if binascii.crc32(plain[:-CRC_SIZE]) != int.from_bytes(plain[-CRC_SIZE:], "little"):
        return None
    kind, n = struct.unpack_from(HEAD, plain)
    return Frame(kind, n, plain[HEAD_SIZE:-CRC_SIZE])
