"""The replaceable parts of the load-cell input: pins instead of SPI, another converter."""

from drivers.ads1220 import Ads1220
from drivers.hx711 import Hx711
from drivers.twowire import PinWire
from rigcore.force import FAULT_DESYNC, FAULT_SATURATED


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

    def __init__(self, code=0, works=True):
        self.code, self.works = code, works
        self.registers = bytearray(4)
        self.commands = []
        self.selected = 0

    def value(self, level):
        self.selected = 1 - level

    def write_readinto(self, out, into):
        assert self.selected and len(out) == len(into)
        command = out[0]
        self.commands.append(command)
        if command == 0x43 and self.works:
            self.registers[:] = out[1:]
        elif command == 0x23:
            into[1:] = bytes(self.registers)
        elif command == 0:
            into[:] = bytes([self.code >> 16 & 255, self.code >> 8 & 255, self.code & 255])


def ads1220(chip):
    return Ads1220(chip, chip, lambda us: None, 330)


def test_an_ads1220_is_set_up_checked_and_started():
    chip = Registers()
    assert ads1220(chip).start()
    assert chip.commands[0] == 0x06 and chip.commands[-1] == 0x08
    # inputs 0-1, gain 128; 330 a second, continuous; external reference (SBAS501)
    assert bytes(chip.registers) == b"\x0e\x84\x40\x00"
    assert not ads1220(Registers(works=False)).start()


def test_an_ads1220_gives_codes_and_end_stops():
    for code in (0, 1, -1, 1350953, -8388607, 8388606):
        assert ads1220(Registers(code & 0xFFFFFF)).read() == code
    for code in (0x7FFFFF, 0x800000):
        assert ads1220(Registers(code)).read() == FAULT_SATURATED


def test_a_silent_ads1220_is_powered_down_and_set_up_again():
    chip = Registers()
    ads1220(chip).restart()
    assert chip.commands == [0x02, 0x06, 0x43, 0x23, 0x08]
