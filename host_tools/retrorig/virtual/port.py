"""The host's end of the virtual cable: looks like an open `serial.Serial`, in virtual time."""

from __future__ import annotations

from typing import Protocol

import serial

from retrorig.virtual.board import Board
from retrorig.virtual.costs import MS, S


class RunUntil(Protocol):
    """Lets virtual time run to `end_ns`; `once`: at most one step of it."""

    def __call__(self, end_ns: int, once: bool = False) -> None: ...


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
        clock = self._clock
        end_ns = None if self.timeout is None else clock.now_ns + max(MS, int(self.timeout * S))
        while self._uart.host_available() < size and (end_ns is None or clock.now_ns < end_ns):
            when = self._uart.host_when(size)
            limits = [t for t in (end_ns, when) if t is not None]
            self._run_until_ns(min(limits, default=clock.now_ns + 10 * MS), once=True)
        return self._uart.host_read(size)

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
