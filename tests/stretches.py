"""How long the firmware leaves no callback to run, and when such a stretch begins."""

from __future__ import annotations

from collections.abc import Callable

from retrorig.virtual.cpu import Cpu, Request
from retrorig.virtual.machine import HAS_RETURNED, Machine
from retrorig.virtual.ops import op_numbers


class Stretches:
    """How long no callback could run, and how long after the end of the one before that began, milliseconds."""

    LONG_NS = 8_000_000

    def __init__(self) -> None:
        self.found: list[tuple[float, float]] = []
        self._free_ns = self._done_ns = self._long_ns = 0
        self._numbers = op_numbers()
        self._waiting = {self._numbers[name] for name in ("tx", "i2c_write", "spi_write")}

    def patched(self) -> Callable[..., None]:
        """`Machine.serve` that watches: some calls of the board hand out no callback, one after the other."""
        plain = Machine.serve

        def serve(machine: Machine, cpu: Cpu, request: Request) -> None:
            clock, op = machine.board.clock, request[0]
            if request[5]:  # a look at the clock, a pin or the line: as if it had been asked for
                self._could_run(clock.now_ns)
            if request[10] == HAS_RETURNED:
                self._could_run(clock.now_ns + request[5])
                self._done_ns = clock.now_ns + request[5]
            plain(machine, cpu, request)
            if op not in machine._quiet | self._waiting:
                self._could_run(clock.now_ns)
            self._long_ns = clock.now_ns - self._free_ns
            if op == self._numbers["done"]:
                self._done_ns = clock.now_ns

        return serve

    def _could_run(self, now_ns: int) -> None:
        if self._done_ns and self._long_ns > self.LONG_NS:
            self.found.append((self._long_ns / 1e6, (self._free_ns - self._done_ns) / 1e6))
        self._free_ns, self._long_ns = now_ns, 0
