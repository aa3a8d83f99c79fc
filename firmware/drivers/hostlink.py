"""The serial line to the host: lines in, frames out, never a wait.

What goes out is limited to what the transmit buffer has room for, so that a write returns at once and
the sampling is not held up: at 115200 baud 11.52 bytes a millisecond, 128 at most in one go.
"""

from rigcore import TYPE_CHECKING
from rigcore.protocol import LINE_MAX
from rigcore.ticks import ticks_add, ticks_diff

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


FIFO_BYTES = 128
BYTES_PER_10MS = 115  # 115.2 at 115200 baud, rounded down so that a write never waits
DRAIN_US = 12_000  # after this the buffer is empty
LINE_ENDS = b"\r\n"
READ_PER_POLL = 64  # leaves the rest of a flood to the next pass


class HostLink:
    """`poller` watches `rx`; rx and tx are the raw byte streams of stdin and stdout."""

    def __init__(self, poller: "Any", rx: "Any", tx: "Any", ticks_us: "Callable[[], int]") -> None:
        self._poller = poller
        self._rx = rx
        self._tx = tx
        self._ticks_us = ticks_us
        self._line = bytearray(LINE_MAX)
        self._line_n = 0
        self._byte = bytearray(1)  # read into, so that a byte leaves no garbage
        self._skipping = False
        self._out = None
        self._sent = 0
        self._room = FIFO_BYTES
        self._room_ticks = ticks_us()

    def read_line(self) -> "(bytes | None)":
        """The next complete line without its newline, or None; overlong ones are dropped."""
        for _ in range(READ_PER_POLL):
            if not self._has_byte():
                return None
            self._rx.readinto(self._byte)
            byte = self._byte[0]
            if byte in LINE_ENDS:
                line = bytes(memoryview(self._line)[: self._line_n])
                self._line_n, skipped, self._skipping = 0, self._skipping, False
                if line and not skipped:
                    return line
            elif self._line_n == LINE_MAX:
                self._skipping = True
            else:
                self._line[self._line_n] = byte
                self._line_n += 1
        return None

    def _has_byte(self) -> bool:
        for _ in self._poller.ipoll(0):  # unlike poll() it makes no list
            return True
        return False

    @property
    def is_hearing(self) -> bool:
        """Whether a line has arrived in part."""
        return self._line_n > 0

    def send(self, frame: "bytes | memoryview") -> None:
        """Take a frame to be sent; only after `pump` has said that there is room for one."""
        self._out = memoryview(frame)
        self._sent = 0

    def pump(self) -> bool:
        """Hand over what the transmit buffer takes now; True when it would take another frame's beginning."""
        self._refill(self._ticks_us())
        if self._out is not None and self._room:
            stop = min(self._sent + self._room, len(self._out))
            was_empty = self._room == FIFO_BYTES
            self._tx.write(self._out[self._sent : stop])
            if was_empty:  # the line has carried off nothing of it before
                self._room_ticks = self._ticks_us()
            self._room -= stop - self._sent
            self._sent = stop
            if stop == len(self._out):
                self._out = None
        return self._out is None and self._room > 0

    def _refill(self, now: int) -> None:
        """Count the bytes that the line has carried off since the last call."""
        waited_us = ticks_diff(now, self._room_ticks)
        gained = min(waited_us, DRAIN_US) * BYTES_PER_10MS // 10_000
        self._room = min(FIFO_BYTES, self._room + gained)
        if waited_us > DRAIN_US:
            self._room_ticks = now
        else:  # keep the fraction of a byte for the next time
            self._room_ticks = ticks_add(self._room_ticks, gained * 10_000 // BYTES_PER_10MS)
