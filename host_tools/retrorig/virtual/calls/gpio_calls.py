"""Pins, timers, interrupt masking, pulse counters, buzzer."""

from __future__ import annotations

from retrorig.virtual import costs
from retrorig.virtual.board import Board
from retrorig.virtual.calls import Answer


class GpioCalls:
    def __init__(self, board: Board) -> None:
        self._board = board
        self._clock = board.clock
        self._gpio = board.gpio

    def pin_mode(self, pin: int, mode: int, pull: int) -> Answer:
        self._clock.advance(costs.SMALL)
        self._gpio.configure(pin, mode, pull)
        return 0

    def pin_get(self, pin: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.PIN)
        return self._gpio.get(pin) | self._gpio.is_contact(pin) << 1

    def pin_set(self, pin: int, level: int, c: int) -> Answer:
        self._clock.advance(costs.PIN)
        self._gpio.set(pin, level)
        return 0

    def pin_irq(self, pin: int, trigger: int, c: int) -> Answer:
        self._clock.advance(costs.PIN_IRQ)
        self._gpio.arm(pin, trigger)
        return 0

    def timer_start(self, number: int, period_us: int, mode: int) -> Answer:
        self._clock.advance(costs.TIMER_INIT)
        self._board.timers.start(number, period_us, mode)
        return 0

    def timer_stop(self, number: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.SMALL)
        self._board.timers.stop(number)
        return 0

    def irq_off(self, a: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.IRQ_MASK)
        return int(self._board.interrupts.mask())

    def irq_on(self, state: int, b: int, c: int) -> Answer:
        self._clock.advance(costs.IRQ_MASK)
        if state:
            self._board.interrupts.unmask()
        return 0

    def pwm(self, pin: int, freq_hz: int, duty: int) -> Answer:
        self._clock.advance(costs.SMALL)
        if pin == self._board.pins.PIN_BUZZER:
            self._board.buzzer.set(self._clock.now_ns // costs.US, freq_hz, duty)
        elif pin == self._board.pins.PIN_TFT_BL:
            self._board.large.light = duty
        return 0

    def pcnt_pins(self, unit: int, pin: int, mode_pin: int) -> Answer:
        self._clock.advance(costs.SMALL)
        self._board.counters[unit & 7].set_pins(unit >> 8, pin, mode_pin)
        return 0

    def pcnt_actions(self, unit: int, packed: int, c: int) -> Answer:
        self._clock.advance(costs.SMALL)
        self._board.counters[unit & 7].set_actions(unit >> 8, packed)
        return 0

    def pcnt_limits(self, unit: int, minimum: int, maximum: int) -> Answer:
        self._clock.advance(costs.SMALL)
        self._board.counters[unit].set_limits(minimum, maximum)
        return 0

    def pcnt_filter(self, unit: int, apb_ticks: int, c: int) -> Answer:
        self._clock.advance(costs.SMALL)
        self._board.counters[unit].set_filter(apb_ticks)
        return 0

    def pcnt_run(self, unit: int, running: int, c: int) -> Answer:
        """1 start, 0 stop, -1 give the unit back."""
        self._clock.advance(costs.SMALL)
        counter = self._board.counters[unit]
        if running < 0:
            counter.reset()
        else:
            counter.set_running(bool(running))
        return 0

    def pcnt_get(self, unit: int, b: int, c: int) -> Answer:
        value = self._board.counters[unit].value()
        self._clock.advance(costs.PCNT_READ)
        return value

    def pcnt_set(self, unit: int, value: int, c: int) -> Answer:
        self._clock.advance(costs.PCNT_READ)
        self._board.counters[unit].set_value(value)
        return 0
