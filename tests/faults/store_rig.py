"""As much of a rig as answers requests: three sets in a store, and both directions of a line with a clock."""

from __future__ import annotations

from app.request_handler import RequestHandler
from drivers.hostlink import HostLink
from nor import NorFlash
from page_reader import read_frames
from rigcore import fields, records, recovery
from rigcore.protocol import ERR_MOVING, RequestError
from rigcore.setlog import SetLog


class Line:
    """Both directions of a serial line with a clock."""

    def __init__(self) -> None:
        self.incoming = b""
        self.sent = bytearray()
        self.now = 0

    def ipoll(self, _timeout: int) -> bytes:
        return self.incoming[:1]

    def readinto(self, into: bytearray) -> int:
        into[:], self.incoming = self.incoming[: len(into)], self.incoming[len(into) :]
        return len(into)

    def write(self, data: bytes) -> None:
        self.sent += data

    def ticks_us(self) -> int:
        return self.now


class StoreRig:
    """As much of a rig as the requests about sets need."""

    identity = {"rig": "aabb", "boot": 1, "firmware": "0"}

    def __init__(self) -> None:
        self.log = SetLog(NorFlash())
        recovery.mount(self.log)
        for no in (1, 2, 3):
            self.log.begin({"no": no, "rig": "aabb"})
            for i in range(3):
                self.log.append(records.TYPE_BLOCK, bytes(200 + i))
            self.log.append(records.TYPE_END, fields.pack({"reason": "still"}))
        self.controls = self
        self.athlete = ""
        self.line = Line()
        self.handler = RequestHandler(self, HostLink(self.line, self.line, self.line, self.line.ticks_us))

    def settled(self, positions: list[int]) -> list[int]:
        return positions

    def board_us(self) -> int:
        return 5

    def set_clock(self, unix_ms: int) -> int:
        return 5

    def tare(self) -> int:
        raise RequestError(ERR_MOVING, "Stand still.")

    def give(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Frames that come back."""
        self.line.incoming += data
        self.line.sent.clear()
        for _ in range(3000):
            self.line.now += 5000
            self.handler.step()
            if not self.line.incoming and not self.handler.is_sending and len(self.line.sent) and _ > 40:
                break
        return read_frames(bytes(self.line.sent))
