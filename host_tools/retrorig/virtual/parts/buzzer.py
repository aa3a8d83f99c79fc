"""The buzzer on a PWM pin: a list of the tones it was set to."""

from __future__ import annotations

from typing import NamedTuple


class Tone(NamedTuple):
    """From `at_us` on: frequency in Hz, duty 0 to 65535 (0: silent)."""

    at_us: int
    freq_hz: int
    duty: int


class Buzzer:
    def __init__(self) -> None:
        self.tones: list[Tone] = []

    def set(self, at_us: int, freq_hz: int, duty: int) -> None:
        self.tones.append(Tone(at_us, freq_hz, duty if freq_hz else 0))
