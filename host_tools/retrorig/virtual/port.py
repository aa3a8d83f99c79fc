"""The host's end of the virtual cable: looks like an open `serial.Serial`, in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import serial

from retrorig.virtual.board import Board
from retrorig.virtual.costs import MS, S


class RunUntil(Protocol):
    """Lets virtual time run to `end_ns`, which may be a function that is asked before each step."""

    def __call__(self, end_ns: int | Callable[[], int]) -> None: ...


class RigPort:
    """Reading lets virtual time pass: at most `timeout` virtual seconds, for ever when that is None.

    Looking in vain (`in_waiting` is 0, or a read with timeout 0) takes a virtual millisecond, so that a
    loop that polls gets on.
    """

    def __init__(self, board: Board, run_until_ns: RunUntil) -> None:
        self._clock, self._uart = board.clock, board.uart
        self._run_until_ns = run_until_ns
        self.timeout: float | None = None
        self.write_timeout: float | None = None
        self.dtr = self.rts = False
        self.is_open = True
        self.port = self.name = "virtual"

    def monotonic(self) -> float:
        """Virtual seconds."""
        return self._clock.now_ns / S

    @property
    def in_waiting(self) -> int:
        self._check_open()
        if not self._uart.host_available():
            self._run_until_ns(self._clock.now_ns + MS)
        return self._uart.host_available()

    def read(self, size: int = 1) -> bytes:
        self._check_open()
        clock, uart = self._clock, self._uart
        end_ns = None if self.timeout is None else clock.now_ns + max(MS, int(self.timeout * S))

        def needed_ns() -> int:
            if uart.host_available() >= size:
                return clock.now_ns
            limits = [t for t in (end_ns, uart.host_when(size)) if t is not None]
            return min(limits, default=clock.now_ns + 10 * MS)

        self._run_until_ns(needed_ns)
        return uart.host_read(size)

    def write(self, data: bytes) -> int:
        self._check_open()
        self._uart.host_write(bytes(data))
        return len(data)

    def flush(self) -> None:
        self._check_open()

    def reset_input_buffer(self) -> None:
        self._check_open()
        self._uart.host_clear()

    def reset_output_buffer(self) -> None:
        self._check_open()

    def close(self) -> None:
        self.is_open = False

    def __enter__(self) -> RigPort:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check_open(self) -> None:
        if not self.is_open:
            raise serial.PortNotOpenError
