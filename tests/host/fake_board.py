"""A board written from the protocol's text, at the far end of a line that can damage whatever it carries.

Its clock is virtual: it moves only while somebody reads. It is slower and less patient than a real board
could be, and knows nothing of the client.
"""

from __future__ import annotations

import binascii
import json
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from cobs import cobs

BYTE_S = 10 / 115200

Damage = Callable[[bytes], bytes]


def nothing(data: bytes) -> bytes:
    return data


@dataclass
class FakeBoard:
    """Implements pyserial's reading side too. `stored` maps set numbers to bytes."""

    stored: dict[int, bytes] = field(default_factory=dict)
    to_board: Damage = nothing
    to_host: Damage = nothing
    answer_s: float = 0.01
    rig: str = "RR-Test"
    boot: int = 3
    state: str = "idle"
    protocol: int = 1
    confirmed: list[int] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)
    athlete: str = ""
    timeout: float | None = 0
    now_s: float = 100.0
    boot_s: float = 0.0
    dead_after_bytes: int | None = None
    unplugged: bool = False
    closed: bool = False
    sent_n: int = 0
    _line: bytes = b""
    _last: tuple[bytes, bytes] = (b"", b"")
    _out: deque[tuple[float, int]] = field(default_factory=deque)
    free_s: float = 0.0

    # The port, as pyserial has it

    def monotonic(self) -> float:
        return self.now_s

    @property
    def in_waiting(self) -> int:
        return sum(1 for _ in takewhile(lambda sent: sent[0] <= self.now_s, self._out))

    def read(self, size: int = 1) -> bytes:
        self._fail_if_unplugged()
        end_s = self.now_s + (self.timeout or 0)
        got = bytearray()
        while len(got) < size and self._out and self._out[0][0] <= end_s:
            at_s, byte = self._out.popleft()
            self.now_s = max(self.now_s, at_s)
            got.append(byte)
        if len(got) < size:
            self.now_s = end_s
        return bytes(got)

    def write(self, data: bytes) -> int:
        self._fail_if_unplugged()
        *lines, self._line = (self._line + self.to_board(data)).split(b"\n")
        for line in lines:
            self._take(line)
        return len(data)

    def close(self) -> None:
        self.closed = True

    def _fail_if_unplugged(self) -> None:
        """What was on the wire before the cable broke still arrives."""
        if self.unplugged and not self._out:
            raise OSError(5, "Input/output error")

    # The board

    def say(self, data: bytes, delay_s: float = 0.0) -> None:
        """Put bytes on the line to the host, at 115200 baud, through the damage; or the cable breaks."""
        for byte in self.to_host(data):
            if self.dead_after_bytes is not None and self.sent_n >= self.dead_after_bytes:
                self.unplugged = True
                return
            self.sent_n += 1
            self.free_s = max(self.free_s, self.now_s + delay_s) + BYTE_S
            self._out.append((self.free_s, byte))

    def _take(self, line: bytes) -> None:
        if line == self._last[0]:
            n, verb, _ = self._parse(line) or (0, "", [])
            if verb != "read":
                self.say(self._last[1], self.answer_s)
                return
        parsed = self._parse(line)
        if parsed is None:
            self.say(self.frame(0x41, 65535, b'{"err": "form", "text": "Damaged."}'), self.answer_s)
            return
        n, verb, args = parsed
        self.executed.append(" ".join([verb, *args]))
        answer = getattr(self, f"do_{verb}", self._unknown)(n, *args)
        self._last = (line, self.frame(0x41, n, json.dumps(answer).encode()))
        self.say(self._last[1], self.answer_s)

    @staticmethod
    def _parse(line: bytes) -> tuple[int, str, list[str]] | None:
        body, mark, crc = line.rpartition(b" ~")
        if not mark or crc != b"%08x" % binascii.crc32(body) or not body.startswith(b"@"):
            return None
        n, verb, *args = body[1:].decode("ascii").split(" ")
        return int(n), verb, args

    @staticmethod
    def frame(kind: int, n: int, payload: bytes) -> bytes:
        plain = struct.pack("<BH", kind, n) + payload
        return b"\0" + cobs.encode(plain + struct.pack("<I", binascii.crc32(plain))) + b"\0"

    def board_us(self) -> int:
        return round((self.now_s - self.boot_s) * 1e6)

    def do_hello(self, n: int) -> dict:
        return {
            "ok": 1, "protocol": self.protocol, "rig": self.rig, "firmware": "0.1.0", "line_max": 120,
            "boot": self.boot, "board_us": self.board_us(), "name": "retrorig",
        }  # fmt: skip

    def do_info(self, n: int) -> dict:
        return {"ok": 1, "state": self.state, "counts": 2400, "sets": len(self.stored), "doubt": ""}

    def do_clock(self, n: int, unix_ms: str) -> dict:
        return {"ok": 1, "board_us": self.board_us()}

    def do_athlete(self, n: int, label: str = "") -> dict:
        self.athlete = label
        return {"ok": 1, "athlete": label}

    def do_sets(self, n: int, first: str) -> dict:
        known = [[no, len(b), binascii.crc32(b)] for no, b in sorted(self.stored.items()) if no >= int(first)]
        return {"ok": 1, "first": 1, "next": max(self.stored, default=0) + 1, "sets": known[:24]}

    def do_read(self, n: int, no: str, offset: str, length: str, frame_bytes: str = "1024") -> dict:
        if int(no) not in self.stored:
            return {"err": "no-set", "text": f"Set {no} is not in the store."}
        low, left = int(offset), int(length)
        for number in sorted(number for number in self.stored if number >= int(no)):
            data = self.stored[number]
            while low < len(data) and left > 0:
                piece = data[low : low + min(int(frame_bytes), left)]
                self.say(self.frame(0x44, n, struct.pack("<II", number, low) + piece))
                low, left = low + len(piece), left - len(piece)
            low = 0
        return {"ok": 1, "sent": int(length) - left}

    def do_confirm(self, n: int, no: str, crc: str = "") -> dict:
        self.confirmed.append(int(no))
        return {"ok": 1, "confirmed": int(no)}

    def do_tare(self, n: int) -> dict:
        return {"err": "moving", "text": "Stand still and tare again."}

    def _unknown(self, n: int, *args: str) -> dict:
        return {"err": "verb", "text": "Unknown."}
