"""The replaceable parts of the load-cell input: pins instead of SPI, another converter."""

from drivers.ads1220 import Ads1220, rate_for
from drivers.hx711 import Hx711
from rigcore.force import FAULT_DESYNC, FAULT_SATURATED


class PinWire:
    """Two pins in place of the SPI: the same interface, so that a test sees each edge of a clock."""

    def __init__(self, clock_pin, data_pin, disable_irq, enable_irq, sleep_us):
        self._clock = clock_pin.value
        self._data = data_pin.value
        self._disable = disable_irq
        self._enable = enable_irq
        self._sleep_us = sleep_us
        self._clock(0)

    def clock(self, pulses):
        value = 0
        for _ in range(pulses):
            state = self._disable()
            self._clock(1)
            self._clock(0)
            self._enable(state)
            # DOUT holds its bit until the next rising edge.
            value = value << 1 | self._data()
        return value

    def power_cycle(self):
        self._clock(1)
        self._sleep_us(100)
        self._clock(0)


class Chip:
    """The two wires of an HX711, with interrupts that would stretch a clock pulse."""

    def __init__(self, code):
        self.bits = [code >> i & 1 for i in range(23, -1, -1)]
        self.pulses = 0
        self.high = 0
        self.masked = True
        self.unprotected = 0
        self.slept_us = 0

    def clock(self):
        chip = self

        class Pin:
            def value(self, level):
                if level and not chip.high:
                    chip.pulses += 1
                    chip.unprotected += 0 if chip.masked else 1
                chip.high = level

        return Pin()

    def data(self):
        chip = self

        class Pin:
            def value(self):
                return chip.bits[chip.pulses - 1] if 0 < chip.pulses <= 24 else 1

        return Pin()

    def disable(self):
        self.masked = True
        return 1

    def enable(self, state):
        self.masked = False

    def sleep_us(self, us):
        if self.high:
            self.slept_us += us


def pin_wire(chip):
    return PinWire(chip.clock(), chip.data(), chip.disable, chip.enable, chip.sleep_us)


def test_pins_read_the_same_codes_with_each_pulse_protected():
    for code in (0, 1, -1, 1350953, 35417, -8388607, 8388606, -0x2AAAAA):
        chip = Chip(code)
        wire = pin_wire(chip)
        chip.pulses = 0
        assert Hx711(wire, 25).read() == code
        assert chip.pulses == 25 and chip.high == 0 and chip.unprotected == 0


def test_an_hx717_takes_four_extra_clocks():
    chip = Chip(1350953)
    assert Hx711(pin_wire(chip), 28).read() == 1350953
    assert chip.pulses == 28


def test_pins_see_a_lost_clock_as_a_fault():
    chip = Chip(1350952)
    chip.pulses = -1  # the chip missed one: the 25th clock shows the last bit, a 0
    assert Hx711(pin_wire(chip), 25).read() == FAULT_DESYNC


def test_a_power_cycle_holds_the_clock_longer_than_60_us():
    chip = Chip(0)
    pin_wire(chip).power_cycle()
    assert chip.slept_us > 60 and chip.high == 0


class Registers:
    """An ADS1220's SPI."""

    def __init__(self, code=0):
        self.code = code
        self.registers = bytearray(4)
        self.commands = []
        self.slept_us = 0

    def sleep_us(self, us):
        self.slept_us += us

    def write_readinto(self, out, into):
        assert len(out) == len(into)
        command = out[0]
        self.commands.append(command)
        if command == 0x43:
            self.registers[:] = out[1:]
        elif command == 0:
            into[:] = bytes([self.code >> 16 & 255, self.code >> 8 & 255, self.code & 255, 255])


def ads1220(chip, rate_hz=330):
    return Ads1220(chip, chip.sleep_us, rate_hz)


def test_an_ads1220_is_reset_set_up_and_started():
    chip = Registers()
    ads1220(chip).restart()
    assert chip.commands == [0x06, 0x43, 0x08] and chip.slept_us >= 58
    # inputs 0-1, gain 128; 330 a second, continuous; external reference; ready shown on DOUT (SBAS501)
    assert bytes(chip.registers) == b"\x0e\x84\x40\x02"


def test_an_ads1220_gives_codes_and_end_stops():
    for code in (0, 1, -1, 1350953, -8388607, 8388606):
        assert ads1220(Registers(code & 0xFFFFFF)).read() == code
    for code in (0x7FFFFF, 0x800000):
        assert ads1220(Registers(code)).read() == FAULT_SATURATED


def test_the_nearest_rate_that_is_fast_enough_is_taken():
    for wanted, rate in ((10, 20), (80, 90), (90, 90), (175, 175), (1000, 330)):
        assert rate_for(wanted) == rate
