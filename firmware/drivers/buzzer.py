"""A buzzer on a PWM pin: plays a list of tones without waiting."""

from rigcore import TYPE_CHECKING
from rigcore.ticks import ticks_add, ticks_diff

if TYPE_CHECKING:
    from typing import Any

    from machine import PWM


TICK = ((1500, 15),)
DUTIES = (2614, 5271, 10_923, 32_768)
"""By volume from 1: half of the time high is the loudest; each step down is half the tone's amplitude, which goes as
the sine of half a turn times the share of time that is high."""


class Buzzer:
    """`pwm` is a silent machine.PWM; call `step(ticks)` once per main-loop pass."""

    def __init__(self, pwm: "PWM") -> None:
        self._pwm = pwm
        self._tones = ()
        self._at = 0
        self._until = 0
        self._beat_us = self._beat_at = 0
        self.volume = len(DUTIES)  # from 1 on

    def beat(self, period_us: int, ticks: int) -> None:
        """Tick this often from now on, but for the time of a tune; 0 for no longer."""
        if period_us != self._beat_us:
            self._beat_us, self._beat_at = period_us, ticks

    def play(self, tones: "Any", ticks: int) -> None:
        """Start a tune of (hertz, milliseconds), 0 Hz being silence; it replaces the one that plays."""
        self._tones = tones
        self._at = 0
        self._until = ticks
        self.step(ticks)

    def step(self, ticks: int) -> None:
        if self._beat_us and ticks_diff(ticks, self._beat_at) >= 0:
            self._beat_at = ticks_add(self._beat_at, self._beat_us)
            if not self._tones:
                self.play(TICK, ticks)
                return
        if not self._tones or ticks_diff(ticks, self._until) < 0:
            return
        if self._at == len(self._tones):
            self._tones = ()
            self._pwm.duty_u16(0)
            return
        hertz, ms = self._tones[self._at]
        self._at += 1
        self._until = ticks_add(self._until, ms * 1000)
        if hertz:
            self._pwm.freq(hertz)
        self._pwm.duty_u16(DUTIES[self.volume - 1] if hertz else 0)
