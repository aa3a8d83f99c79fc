"""Logs the bytes on a serial line with times.

Bytes that can carry a name or a measurement are written as `..`: labels and uploaded texts, words in answers that are
not the rig's own, the contents of sets. Of a damaged piece only its head is shown, because nobody knows what it was.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from retrorig.link.frames import PIECE_MAX, Frame, parse_frame
from rigcore.framing import CRC_SIZE, HEAD_SIZE, TYPE_ANSWER, TYPE_DATA, TYPE_TELEMETRY
from rigcore.protocol import TELEMETRY_BYTES

if TYPE_CHECKING:
    from retrorig.link.ports import Port

log = logging.getLogger(__name__)

HIDDEN = ".."
_DAMAGED_BYTES = 1 + HEAD_SIZE
"""Shown of what is no sound frame: the first code of COBS, type and request number, if it was one."""

_DATA_BYTES = 8
"""Shown of data: number and offset of a set."""

_TEXTS = frozenset((b"athlete", b"put"))
"""Requests whose arguments people wrote."""

_OWN_WORDS = frozenset((b"rig", b"name", b"firmware", b"state", b"phase", b"err", b"micropython", b"chip"))
"""Keys of answers whose words are the rig's own."""

_WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
_REQUEST = re.compile(rb"@\d+ (\S+)(.*)", re.DOTALL)
_PRINTABLE = frozenset((*b"\t\r\n", *range(32, 127)))

Shown = list[bool]
"""For each byte of a piece whether it is written."""


def traced(port: Port) -> Port:
    """The port itself, or one that also logs what passes, when somebody wants to know."""
    return cast("Port", TracedPort(port)) if log.isEnabledFor(logging.DEBUG) else port


class TracedPort:
    """A port that logs what passes through it; all else is the port's own."""

    def __init__(self, port: Port, clock: Callable[[], float] = time.monotonic) -> None:
        self.__dict__.update(_port=port, _clock=clock, _since_s=clock(), _chunks=[], _n={})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._port, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._port, name, value)

    def write(self, data: bytes) -> int | None:
        """As the port's; the line is logged with its time."""
        self._tell(self._now_s(), ">", data, shown_of_request(data))
        return self._port.write(data)

    def read(self, size: int = 1) -> bytes:
        """As the port's; what came is logged as soon as its piece is complete, with the time at which it came."""
        data = self._port.read(size)
        end = data.rfind(b"\0") + 1
        if end:
            self._chunks.append((self._now_s(), data[:end]))
            self._tell_chunks()
        if data[end:]:
            self._chunks.append((self._now_s(), data[end:]))
        if sum(len(chunk) for _, chunk in self._chunks) > PIECE_MAX:
            self._tell_chunks()
        return data

    def close(self) -> None:
        """As the port's, after the rest and the sums."""
        self._tell_chunks()
        log.debug("%12.6f   closed: %s", self._now_s(), self._n or "nothing came")
        self._port.close()

    def _now_s(self) -> float:
        return self._clock() - self._since_s

    def _tell_chunks(self) -> None:
        """What waits, each chunk in a line; an incomplete piece at the end is judged as it is."""
        pieces = b"".join(chunk for _, chunk in self._chunks).split(b"\0")
        shown: Shown = []
        for piece in pieces:
            kind, of_piece = shown_of_piece(piece)
            if piece:
                self._n[kind] = self._n.get(kind, 0) + 1
            shown += [*of_piece, True]
        for at_s, chunk in self._chunks:
            self._tell(at_s, "<", chunk, shown)
            del shown[: len(chunk)]
        self._chunks.clear()

    @staticmethod
    def _tell(at_s: float, way: str, data: bytes, shown: Shown) -> None:
        written = " ".join(f"{byte:02x}" if is_shown else HIDDEN for byte, is_shown in zip(data, shown))
        log.debug("%12.6f %s %s", at_s, way, written)


def shown_of_request(line: bytes) -> Shown:
    """What may be shown of a request; the sum of a text would let others try names."""
    found = _REQUEST.match(line)
    if found and found[1] in _TEXTS:
        return [at < found.start(2) for at in range(len(line))]
    return [found is not None or byte < 32 for byte in line]


def shown_of_piece(piece: bytes) -> tuple[str, Shown]:
    """What a piece between two delimiters is, and what may be shown of it."""
    frame = parse_frame(piece)
    if frame is not None:
        return "frames", _shown_of_frame(frame, piece)
    if piece and all(byte in _PRINTABLE for byte in piece) and b'"' not in piece:
        end = (piece + b"@").index(b"@")  # from there it may be the echo of a request
        return "texts", [at < end for at in range(len(piece))]
    return "damaged", [at < _DAMAGED_BYTES for at in range(len(piece))]


def _shown_of_frame(frame: Frame, piece: bytes) -> Shown:
    """The same of a sound frame; COBS moves its bytes, and its codes tell lengths alone."""
    hidden = _hidden_of_payload(frame)
    shown = [True] * len(piece)
    places = _places(piece)
    for at in hidden:
        shown[places[HEAD_SIZE + at]] = False
    if hidden:  # from its sum a short name could be found by trying
        for place in places[-CRC_SIZE:]:
            shown[place] = False
    return shown


def _hidden_of_payload(frame: Frame) -> set[int]:
    """Places in the payload of a frame."""
    if frame.kind == TYPE_ANSWER:
        return _hidden_of_answer(frame.payload)
    start = {TYPE_DATA: _DATA_BYTES, TYPE_TELEMETRY: TELEMETRY_BYTES}.get(frame.kind, 0)
    return set(range(start, len(frame.payload)))


def _hidden_of_answer(text: bytes) -> set[int]:
    """Each text but the rig's own words."""
    hidden: set[int] = set()
    key = b""
    for found in _WORD.finditer(text):
        if found[2]:
            key = found[1]
        elif key not in _OWN_WORDS:
            hidden.update(range(*found.span(1)))
    return hidden


def _places(piece: bytes) -> list[int]:
    """Where each byte of a decoded frame stands in its encoded form; a zero stands where the next code is."""
    places: list[int] = []
    at = 0
    while at < len(piece):
        code = piece[at]
        places += range(at + 1, at + code)
        at += code
        if code < 0xFF and at < len(piece):
            places.append(at)
    return places
