"""RTC, watchdog, resets, identity; what the interpreter side asks while it boots."""

from __future__ import annotations

import struct

from retrorig.virtual import costs
from retrorig.virtual.board import Board
from retrorig.virtual.calls import WAIT, Answer

_UNASKED = struct.Struct("<6i")


class SystemCalls:
    def __init__(self, board: Board) -> None:
        self._board = board
        self._serving = b""

    def rtc_length(self, a: int, b: int, c: int) -> Answer:
        return len(self._board.rtc.memory)

    def rtc_load(self, a: int, n: int, c: int) -> Answer:
        self._board.clock.advance(costs.RTC)
        return n, self._board.rtc.memory

    def rtc_store(self, a: int, n: int, c: int) -> Answer:
        self._board.clock.advance(costs.RTC)
        self._board.rtc.memory = self._board.payload(n)
        return 0

    def rtc_seconds(self, a: int, b: int, c: int) -> Answer:
        self._board.clock.advance(costs.SMALL)
        return self._board.rtc.seconds()

    def rtc_set(self, seconds: int, b: int, c: int) -> Answer:
        self._board.rtc.set_seconds(seconds)
        return 0

    def wdt_start(self, timeout_ms: int, b: int, c: int) -> Answer:
        self._board.clock.advance(costs.SMALL)
        self._board.watchdog.start(timeout_ms)
        return 0

    def wdt_feed(self, a: int, b: int, c: int) -> Answer:
        self._board.clock.advance(costs.SMALL)
        self._board.watchdog.feed()
        return 0

    def reset(self, a: int, b: int, c: int) -> Answer:
        self._board.want_reset(self._board.HARD_RESET)
        return WAIT

    def reset_cause(self, a: int, b: int, c: int) -> Answer:
        return self._board.reset_cause

    def unique_id(self, a: int, n: int, c: int) -> Answer:
        return n, self._board.unique_id

    def random(self, a: int, n: int, c: int) -> Answer:
        """The chip's random generator."""
        return n, self._board.chance.randbytes(n)

    def file_next(self, a: int, b: int, c: int) -> Answer:
        """Length of the next path or content to be put on a new board's file system; 0 at the end."""
        self._serving = self._board.next_factory_text()
        return len(self._serving)

    def file_read(self, a: int, n: int, c: int) -> Answer:
        part, self._serving = self._serving[:n], self._serving[n:]
        return n, part

    def booted(self, fake_heap: int, n: int, c: int) -> Answer:
        """Returns what takes its time without asking: see `costs` in mpy/rig_link.py."""
        self._board.has_booted = True
        self._board.fake_heap_bytes = fake_heap
        self._board.heap.reset(fake_heap)
        if self._board.flash.image.is_new:
            self._board.flash.image.deliver()
        read = costs.FLASH_CALL, costs.FLASH_READ_BYTE
        return n, _UNASKED.pack(costs.TICKS, costs.PIN, costs.POLL, *read, costs.CALLBACK)

    def main_wanted(self, a: int, b: int, c: int) -> Answer:
        return int(self._board.wants_main)

    def prompt(self, a: int, b: int, c: int) -> Answer:
        self._board.is_at_prompt = True
        return 0
