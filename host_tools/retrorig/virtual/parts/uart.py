"""The serial line of the REPL at 115200 baud: receive ring, transmit buffer, Ctrl-C."""

from __future__ import annotations

from collections import deque

from retrorig.virtual import costs
from retrorig.virtual.clock import Clock
from retrorig.virtual.interrupts import Interrupts

BYTE_NS = 86_806  # ten bits at 115200 baud
RING = 259
FIFO = 128
CTRL_C = 3


class _Run:
    """Bytes that arrive one after the other; the first at `first_ns`."""

    __slots__ = ("data", "first_ns")

    def __init__(self, first_ns: int, data: bytes) -> None:
        self.first_ns = first_ns
        self.data = data

    def arrived(self, now_ns: int) -> int:
        return min(len(self.data), (now_ns - self.first_ns) // BYTE_NS + 1)

    def take(self, n: int) -> bytes:
        taken, self.data = self.data[:n], self.data[n:]
        self.first_ns += n * BYTE_NS
        return taken


class Uart:
    """`host_*` is the end of the cable; the rest is the chip's side. Dropped bytes are counted."""

    def __init__(self, clock: Clock, interrupts: Interrupts) -> None:
        self._clock, self._interrupts = clock, interrupts
        self._up: deque[_Run] = deque()
        self._tx_end_ns = 0
        self.sent_bytes = 0
        self.received_bytes = 0
        self.dropped_bytes = 0
        self.reset()

    def reset(self) -> None:
        """The chip's side starts afresh; what is on the wire toward the host still arrives."""
        self._ring = bytearray()
        self._down: deque[_Run] = deque()
        self._rx_end_ns = 0
        self.interrupt_char = CTRL_C

    # The host's end.

    def host_write(self, data: bytes) -> None:
        start = max(self._clock.now_ns, self._rx_end_ns)
        self._down.append(_Run(start + BYTE_NS, bytes(data)))
        self._rx_end_ns = start + len(data) * BYTE_NS
        self.received_bytes += len(data)
        for i, byte in enumerate(data):
            if byte == CTRL_C:
                self._clock.at(start + (i + 1) * BYTE_NS, self._ctrl_c)

    def host_available(self) -> int:
        now = self._clock.now_ns
        return sum(run.arrived(now) for run in self._up if run.first_ns <= now)

    def host_read(self, n: int) -> bytes:
        """At most n of the bytes that have arrived."""
        taken = bytearray()
        while self._up and len(taken) < n and self._up[0].first_ns <= self._clock.now_ns:
            run = self._up[0]
            taken += run.take(min(n - len(taken), run.arrived(self._clock.now_ns)))
            if not run.data:
                self._up.popleft()
        return bytes(taken)

    def host_clear(self) -> None:
        self.host_read(1 << 30)

    def host_when(self, n: int) -> int | None:
        """When the nth byte from now on arrives, ns; None when so many were not sent."""
        for run in self._up:
            if n <= len(run.data):
                return run.first_ns + (n - 1) * BYTE_NS
            n -= len(run.data)
        return None

    # The chip's side.

    @property
    def is_receiving(self) -> bool:
        """Whether bytes wait in the ring or are on their way there."""
        return bool(self._ring or self._down)

    def ready(self) -> int:
        """Bytes in the receive ring."""
        self._receive()
        return len(self._ring)

    def read(self, n: int) -> bytes:
        self._receive()
        taken = bytes(self._ring[:n])
        del self._ring[:n]
        return taken

    def next_arrival_ns(self, most: int = 1) -> int | None:
        """When the next byte reaches the chip, or the last of the next few that follow each other without a gap."""
        if not self._down:
            return None
        return self._down[0].first_ns + (min(most, len(self._down[0].data)) - 1) * BYTE_NS

    def write(self, data: bytes) -> None:
        """Send; waits in whole ticks while the transmit buffer is full. No callback runs meanwhile."""
        self._clock.advance(costs.UART_CALL)
        start = self._push(data)
        while start < len(data):
            tick = self._clock.now_ns // costs.UART_TICK + 1
            self._clock.advance_to(tick * costs.UART_TICK)
            start += self._push(data[start:])

    def _push(self, data: bytes) -> int:
        now = self._clock.now_ns
        level = max(0, -(-(self._tx_end_ns - now) // BYTE_NS))
        part = data[: max(0, FIFO - level)]
        if part:
            start = max(now, self._tx_end_ns)
            if self._up and start == self._tx_end_ns:
                self._up[-1].data += part
            else:
                self._up.append(_Run(start + BYTE_NS, part))
            self._tx_end_ns = start + len(part) * BYTE_NS
            self.sent_bytes += len(part)
        return len(part)

    def _receive(self) -> None:
        now = self._clock.now_ns
        while self._down and self._down[0].first_ns <= now:
            run = self._down[0]
            arrived = run.take(run.arrived(now)).replace(bytes((self.interrupt_char & 0xFF,)), b"")
            kept = arrived[: RING - len(self._ring)]
            self._ring += kept
            self.dropped_bytes += len(arrived) - len(kept)
            if not run.data:
                self._down.popleft()

    def set_interrupt_char(self, char: int) -> None:
        self._receive()
        self.interrupt_char = char

    def _ctrl_c(self) -> None:
        if self.interrupt_char == CTRL_C:
            self._interrupts.keyboard()
