"""A double of a board that also sends telemetry, written from the protocol's text."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tests.host.fake_board import FakeBoard

LEASE_S = 5.0


def payload(
    *,
    version: int = 1,
    board_us: int = 0,
    set_no: int = 0,
    index: int = 0,
    of: int = 0,
    target: str = "o",
    amount: int = 0,
    speed_mmps: int = 0,
    force_mn: int = -(2**30),
    distance_mm: int = 0,
    elapsed_ms: int = 0,
    wait_ms: int = 0,
    steps: int = 0,
    lost: int = 0,
    dropped: int = 0,
    skipped: int = 0,
    state: str = "idle",
    athlete: str = "",
    trouble: str = "",
    doubt: str = "",
    cadence: str = "",
) -> bytes:
    """In the order and the sizes of the protocol's page."""
    numbers = (
        struct.pack("<BQI", version, board_us, set_no)
        + struct.pack("<HH", index, of)
        + target.encode()
        + struct.pack("<Iii", amount, speed_mmps, force_mn)
        + struct.pack("<iII", distance_mm, elapsed_ms, wait_ms)
        + struct.pack("<HIII", steps, lost, dropped, skipped)
    )
    return numbers + "\t".join((state, athlete, trouble, doubt, cadence)).encode()


@dataclass
class TellingBoard(FakeBoard):
    """Tells the time until its lease ends; loses its cable at `unplug_at_s`."""

    period_s: float = 0.0
    due_s: float = 0.0
    until_s: float = 0.0
    live_n: int = 0
    unplug_at_s: float | None = None

    def read(self, size: int = 1) -> bytes:
        if self.unplug_at_s is not None and self.now_s >= self.unplug_at_s:
            self.unplugged = True
        end_s = self.now_s + (self.timeout or 0)
        while self.period_s and self.due_s <= min(end_s, self.until_s):
            told = payload(board_us=round((self.due_s - self.boot_s) * 1e6), athlete=self.athlete)
            self.say(self.frame(0x54, self.live_n, told), self.due_s - self.now_s)
            self.due_s += self.period_s
        return super().read(size)

    def write(self, data: bytes) -> int:
        self.until_s = self.now_s + LEASE_S
        return super().write(data)

    def do_live(self, n: int, period_ms: str) -> dict:
        self.live_n, self.period_s, self.due_s = n, int(period_ms) / 1000, self.now_s
        return {"ok": 1, "period_ms": int(period_ms), "lease_ms": 5000}
