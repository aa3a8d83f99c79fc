"""The interpreter's own prompt: hands it characters only when it waits for some."""

from __future__ import annotations

from retrorig.virtual.interrupts import Interrupts
from retrorig.virtual.parts.uart import Uart

_CTRL_A, _CTRL_B, _CTRL_C, _CTRL_D = 1, 2, 3, 4


class Prompt:
    """Remembers whether the prompt is in raw mode, because a soft reset keeps it.

    What follows a Ctrl-D belongs to the program that it starts, which reads the line by itself; so nothing
    is handed over beyond one until the prompt waits again.
    """

    MOST = 64

    def __init__(self) -> None:
        self.is_raw = False

    def take(self, uart: Uart, interrupts: Interrupts) -> bytes:
        """The next characters for the prompt."""
        if interrupts.take_keyboard():
            return bytes((_CTRL_C,))
        typed = bytearray()
        for _ in range(min(self.MOST, uart.ready())):
            typed += uart.read(1)
            if typed[-1] in (_CTRL_A, _CTRL_B):
                self.is_raw = typed[-1] == _CTRL_A
            if typed[-1] <= _CTRL_D:
                break
        return bytes(typed)
