"""Clocks, sleeping, waiting for the line, callbacks, garbage collection."""

from __future__ import annotations

from retrorig.virtual import costs
from retrorig.virtual.board import Board
from retrorig.virtual.calls import WAIT, Answer

MASK = (1 << 30) - 1
_HALF = 1 << 29
_READY, _TIMED_OUT, _ASK_AGAIN = 1, 0, 2


class TimeCalls:
    def __init__(self, board: Board) -> None:
        self._board = board
        self._clock = board.clock

    def ticks_us(self, a: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.TICKS)
        return self._board.uptime_us & MASK

    def ticks_ms(self, a: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.TICKS)
        return self._board.uptime_us // 1000 & MASK

    def done(self, a: int, b: int, c: int) -> Answer:
        self._board.interrupts.done()
        return 0

    def schedule(self, number: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.SCHEDULE)
        return int(self._board.interrupts.schedule(number))

    def gc(self, in_use: int, taken: int, c: int) -> Answer:
        self._board.heap.collect(in_use, taken)
        return 0

    def gc_threshold(self, threshold: int, in_use: int, taken: int) -> Answer:
        self._board.heap.set_threshold(threshold, in_use, taken)
        return 0

    def gc_look(self, taken: int, b: int, c: int) -> Answer:
        """Bytes of heap that the chip would have free."""
        self._board.heap.take(taken)
        self._clock.advance(costs.MEM_FREE)
        return self._board.heap.free_bytes

    def idle(self, a: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.IMPORT_PIECE if self._board.imports_n else costs.SMALL)
        return 0

    def compile(self, source_bytes: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.SOURCE_BYTE * source_bytes)
        return 0

    def json(self, text_bytes: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.JSON_BYTE * text_bytes)
        return 0

    def json_piece(self, n: int, b: int, c: int) -> Answer:
        """So many bytes that came one by one, as Python handed them over."""
        self._clock.advance(costs.JSON_PACED_BYTE * n)
        return 0

    def import_(self, a: int, b: int, c: int) -> Answer:
        """An import begins; until it ends, each `idle` is for a piece of a module that was read (firmware/boot.py)."""
        self._board.imports_n += 1
        return 0

    def imported(self, a: int, b: int, c: int) -> Answer:
        self._board.imports_n -= 1
        return 0

    def sleep_from(self, us: int, taken: int, c: int) -> Answer:
        """Begin to sleep; the answer is as that of `sleep`. Sleeps of milliseconds mark a main-loop pass.

        What the pass's bytecode took is made up for by a longer sleep: callbacks run in both.
        """
        self._board.heap.take(taken)
        self._clock.advance(costs.SLEEP_CALL)
        if us * costs.US >= costs.PASS_SLEEP:
            us += self._pass_us()
        return self._asleep(us)

    def catch_up(self, a: int, b: int, c: int) -> Answer:
        """Make up for the bytecode of a pass without a sleep, as while a panel is painted; answers as `sleep`."""
        return self._asleep(self._pass_us()) if self._board.interrupts.served else 0

    def _pass_us(self) -> int:
        """What the bytecode of a pass takes, with the samples since the one before."""
        return (costs.PASS + costs.SAMPLE * self._board.interrupts.take_conversions()) // costs.US

    def _asleep(self, us: int) -> Answer:
        end = (self._board.uptime_us + us & MASK) + 1
        answer = self.sleep(end, 0, 0)
        return end if answer is WAIT else answer

    def sleep(self, end: int, b: int, c: int) -> Answer:
        """0 when the sleep is over, or `end` (a tick plus one) again because a callback is due."""
        end_ns = self._clock.now_ns + self._until(end - 1) * costs.US
        if not self._pass_until(end_ns - costs.BUSY_SLEEP):
            return end if self._board.interrupts.is_waiting else WAIT
        self._clock.advance_to(end_ns)
        return 0

    def poll_from(self, timeout_ms: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.PASS)
        return self._board.uptime_us + max(0, timeout_ms) * 1000 & MASK

    def poll(self, timeout_ms: int, end: int, c: int) -> Answer:
        """The receive ring is looked at now, after each callback and at each tick of the system."""
        if timeout_ms == 0:
            self._clock.advance(costs.POLL)
            return _READY if self._board.uart.ready() else _TIMED_OUT
        end_ns = None if timeout_ms < 0 else self._clock.now_ns + self._until(end) * costs.US
        while not self._board.uart.ready():
            now = self._clock.now_ns
            if end_ns is not None and now >= end_ns:
                return _TIMED_OUT
            tick_ns = (now // costs.UART_TICK + 1) * costs.UART_TICK
            if not self._pass_until(tick_ns if end_ns is None else min(tick_ns, end_ns)):
                return _ASK_AGAIN if self._board.interrupts.is_waiting else WAIT
        return _READY

    def kbd_intr(self, char: int, b: int, c: int) -> Answer:
        self._board.uart.set_interrupt_char(char)
        return 0

    def _until(self, tick: int) -> int:
        """Microseconds until a tick; 0 when it has passed."""
        return max(0, (tick - self._board.uptime_us + _HALF & MASK) - _HALF)

    def _pass_until(self, end_ns: int) -> bool:
        """Let time pass to `end_ns`; False when a callback came due or the host's limit was reached first."""
        clock, interrupts = self._clock, self._board.interrupts
        stop_ns = min(end_ns, self._board.limit_ns)
        while not interrupts.is_waiting:
            next_ns = clock.next_ns()
            if next_ns is None or next_ns > stop_ns:
                clock.advance_to(stop_ns)
                return stop_ns == end_ns or end_ns <= clock.now_ns
            clock.step()
            if self._board.wants_reset:
                return False
        return False
